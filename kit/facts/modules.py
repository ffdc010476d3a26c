"""Modules of the target and how they import each other."""

from __future__ import annotations

from dataclasses import dataclass

from kit.facts.places import Location, Role


@dataclass(frozen=True)
class ImportCycle:
    """Modules of which each imports the next while it is imported itself, and the last the first.

    ``imports`` has the statement of each step. ``entangled`` counts all modules that reach each other, of which this
    is a shortest cycle.
    """

    modules: tuple[str, ...]
    imports: tuple[Location, ...]
    entangled: int


@dataclass(frozen=True)
class Fan:
    """How much a module is woven into the load-time imports: ``fan_in`` modules import it, it imports ``fan_out``."""

    module: str
    path: str
    role: Role
    fan_in: int
    fan_out: int


@dataclass(frozen=True)
class ImportChain:
    """A shortest way of load-time imports from one module to another. ``modules`` has both ends; ``imports`` are the
    statements between them. A step from a module to the package above it has the package's file and line 1.
    """

    modules: tuple[str, ...]
    imports: tuple[Location, ...]


@dataclass(frozen=True)
class Neighbour:
    """A module at the other end of an import; ``location`` is the statement."""

    module: str
    role: Role
    location: Location


@dataclass(frozen=True)
class Neighbourhood:
    """A module with those that import it and those that it imports, at load time, each sorted by name. ``path`` is
    its file.
    """

    module: str
    importers: tuple[Neighbour, ...]
    imports: tuple[Neighbour, ...]
    path: str = ""


@dataclass(frozen=True)
class Reached:
    """The files that load a module while they are imported themselves, sorted by path.

    ``direct`` name it in a statement, ``indirect`` load it through others; test files are in neither. ``test_files``
    load it, directly or not, when pytest runs each of them alone.
    """

    module: str
    path: str
    direct: tuple[str, ...]
    indirect: tuple[str, ...]
    test_files: tuple[str, ...]
