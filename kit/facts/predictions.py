"""What test files would miss when pytest runs them alone, as the source tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kit.facts.places import Location


@dataclass(frozen=True)
class MissedClass:
    """A class name that a relationship looks up (at ``needed_at``) and the registry does not answer with one class:
    ``defined_at`` are the classes of that name in the registry, ``loaded`` how many of them are imported. Or a
    ``table`` that a foreign key names, which no imported module defines.
    """

    name: str
    needed_at: Location
    defined_at: tuple[Location, ...]
    loaded: int
    what: Literal["class", "table"] = "class"


@dataclass(frozen=True)
class CannotConfigure:
    """A test module that cannot configure its mappers, or create its tables, when pytest runs it alone, and what it
    misses.
    """

    module: str
    path: str
    missed: tuple[MissedClass, ...]


@dataclass(frozen=True)
class Foreseen:
    """A class or a table that some test files will miss. Relationships or foreign keys look it up at ``needed_at``.
    Among the modules that ``test_files`` load, none defines it, or more than one does (``defined_at``).
    """

    name: str
    what: Literal["class", "table"]
    needed_at: tuple[Location, ...]
    defined_at: tuple[Location, ...]
    test_files: tuple[str, ...]
