"""What the source declares that only some questions need: read when one of them is called, and kept in no record."""

from __future__ import annotations

from dataclasses import dataclass

from kit.facts.places import Location, Role


@dataclass(frozen=True)
class Route:
    """A path operation. ``path`` is whole, with every prefix that leads to it: ``{name}`` is one part of it, ``{*}``
    any number, where only running the code would tell. ``methods`` are in capitals. ``router`` is what it is declared
    on; ``reached`` is false when no application includes that.
    """

    methods: tuple[str, ...]
    path: str
    function: str
    location: Location
    router: str
    reached: bool = True


@dataclass(frozen=True)
class Router:
    """A router or blueprint of a module, by its dotted name. ``included`` are the statements that hand it to an
    application or to another router, or to code that may; without any, nothing answers its routes. ``unused`` are then
    the imports of it, or of its module, that their file makes no use of, each with the last line of that file that
    includes another one, or else makes an application.
    """

    name: str
    location: Location
    prefix: str
    included: tuple[Location, ...]
    unused: tuple[Location, ...] = ()


@dataclass(frozen=True)
class Routing:
    """All routes and routers that source shows, and every statement that includes one of them in something."""

    routes: tuple[Route, ...] = ()
    routers: tuple[Router, ...] = ()
    includes: tuple[Location, ...] = ()


@dataclass(frozen=True)
class Request:
    """A request that a test makes: ``path`` without host and query, ``{}`` for what is put in at run time."""

    method: str
    path: str
    location: Location


@dataclass(frozen=True)
class FixtureScope:
    """How long a fixture lives: ``scope`` as pytest knows it, ``loop_scope`` as pytest-asyncio does, if it is given."""

    name: str
    location: Location
    asynchronous: bool
    scope: str = "function"
    loop_scope: str = ""

    @property
    def loop(self) -> str:
        """The scope of the event loop that it runs in."""
        return self.loop_scope or self.scope


@dataclass(frozen=True)
class SettingDefault:
    """A place that gives a setting its value: ``owner`` is the class or the function that it belongs to, ``value`` the
    expression as written.
    """

    name: str
    owner: str
    value: str
    location: Location
    role: Role


@dataclass(frozen=True)
class Replacement:
    """A line that puts something in the place of ``target`` (dotted) for a test, in the function of that name (empty:
    at the top of its module). ``path`` and ``name`` are the function or class that is used all the same: as
    ``instead``, which the line at ``used`` takes it as.
    """

    target: str
    location: Location
    function: str
    path: str
    name: str
    instead: str
    used: Location
