"""What a release of a library broke, and what of a target's environment tells whether that concerns it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from kit.facts.places import Location
from kit.facts.target import Distribution
from kit.facts.wording import counted

#: a public name is gone · a call takes other arguments · a private name was used · a warning that a suite turns into an
#: error is new · a default is another one · the result is another one, and nothing says so
BreakageKind = Literal[
    "name-gone", "signature-changed", "private-name", "warning-as-error", "default-changed", "other-result"
]

#: in place of the modules of a library: any file is looked at, whether it imports them or not
ANY_FILE: Final = "*"

#: the library of the table that Python itself is
PYTHON: Final = "python"

#: where a line that a breakage concerns has to be found
LinesNeeded = Literal["", "imported", "file", "near"]


@dataclass(frozen=True)
class Breakage:
    """One change of a release that breaks code: works with ``last_good``, fails with ``first_bad`` and later.

    ``error`` is a pattern for what the failure says on the bad side (``"TypeError: ...()"``, or the category and text
    of a warning). ``uses`` are patterns for the lines of source that it concerns (see
    ``kit.inventory.declarations.library_uses``). Where the message alone fits much else, ``lines`` asks for
    such a line: in a file that the failing test imports, in its own file, or a few lines above the one that fails.
    ``visible`` is false where such lines are right in most programs, and only a failure makes them suspect.
    ``needs_move``: it is a cause only where a lock file or an earlier case shows that the library was older.
    ``warns`` is a pattern for a warning that has to be seen on the bad side too, ``forewarns`` one for the warning that
    the last good release gives (empty where it gives none). ``both`` tells whether the fix works
    with both releases. ``source`` is a page, change or line of a change log that was read and says so.
    ``fixed_in`` is the release that takes the old code again, if one does. ``beside`` are specifiers of other
    distributions that have to be installed for it to break (``{"starlette": "<0.37.2"}``). ``edits`` has by pattern of
    a line (as in ``uses``) what takes its place, where the pattern alone decides it: ``"module:name"`` for a name,
    else as ``kit.fixes.source.new_calls`` says. ``compared`` marks what no reproduction measured: the source of both
    releases shows it. ``after`` is then where the newer one has the same name, or empty.
    """

    id: str
    library: str
    last_good: str
    first_bad: str
    kind: BreakageKind
    error: str
    cause: str
    before: str
    after: str
    both: bool
    source: str = "not found"
    uses: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    lines: LinesNeeded = ""
    visible: bool = True
    needs_move: bool = False
    warns: str = ""
    forewarns: str = ""
    fixed_in: str = ""
    beside: Mapping[str, str] = field(default_factory=dict)
    edits: Mapping[str, str] = field(default_factory=dict)
    compared: bool = False

    @property
    def named(self) -> str:
        """The library's name in a sentence."""
        return "Python" if self.library == PYTHON else self.library

    @property
    def imported(self) -> tuple[str, ...]:
        """The top-level modules of the library."""
        return self.modules or (self.library.replace("-", "_"),)


@dataclass(frozen=True)
class Environment:
    """What the target runs in: its ``distributions``, the version of its ``python``, its filters of warnings, the file
    that they stand in, and the versions that were installed when all tests last passed (``last_green``, with the id of
    that ``green_case``).
    """

    distributions: tuple[Distribution, ...] = ()
    filters: tuple[str, ...] = ()
    config_path: str | None = None
    last_green: Mapping[str, str] = field(default_factory=dict)
    green_case: str = ""
    python: str = ""

    @property
    def installed(self) -> dict[str, str]:
        """The version of each installed distribution."""
        return {one.name: one.version for one in self.distributions}

    @property
    def releases(self) -> dict[str, str]:
        """The same, and the version of Python, whose standard library is one more."""
        return {**self.installed, PYTHON: self.python} if self.python else self.installed


@dataclass(frozen=True)
class Forecast:
    """Warnings of a run that say what a ``release`` of a library will stop, newer than what is ``installed``.

    ``breakage`` is the id of the entry of the table that they match, and ``text`` its cause; where no entry matches,
    it is empty, and ``text`` is what the most frequent of the warnings says itself. ``places`` are the lines that were
    warned of, as the run recorded them; ``seen`` is how often.
    """

    library: str
    installed: str
    release: str
    text: str
    advice: str = ""
    breakage: str = ""
    places: tuple[Location, ...] = ()
    seen: int = 0

    @property
    def sentence(self) -> str:
        """``"click 9.0 (installed 8.5.1) will stop 3 lines: ..."``."""
        lines = counted(len(self.places), "line") if self.places else "code of this run"
        return f"{self.library} {self.release} (installed {self.installed}) will stop {lines}: {self.text}"


#: where nothing is known of it
NO_ENVIRONMENT = Environment()


@dataclass(frozen=True)
class Move:
    """A distribution that is installed in another version than a ``since`` (``"uv.lock:12"``) tells."""

    name: str
    before: str
    now: str
    since: str
