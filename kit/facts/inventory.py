"""What the target's source and its mapper registry say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kit.facts.modules import Neighbourhood, Reached
from kit.facts.places import Location, Role, Scope
from kit.facts.predictions import Foreseen

#: which of the two looks at the target a fact comes from
Side = Literal["source", "runtime"]

Severity = Literal["blocks_now", "blocks_when_both_imported", "blocks_alone", "smell"]

#: when a finding of a kind blocks that does not block now; of any other kind it is when the file is imported
_LATER = {
    **dict.fromkeys(("duplicate-class", "table-mapped-twice", "double-import"), "both are imported"),
    **dict.fromkeys(
        ("back-populates", "join-condition", "relationship-target-unknown", "relationship-target-not-imported"),
        "its classes are imported",
    ),
    **dict.fromkeys(("duplicate-index", "foreign-key"), "its tables are created"),
}


@dataclass(frozen=True)
class Importer:
    """A place that imports a module, or a name from it. Comments and strings are never importers.

    ``module`` is the imported module's dotted name and ``name`` what is taken from it (``None`` for ``import a.b``);
    ``via`` is the alias it is bound to, when there is one; ``statement`` is the source text of the statement on one
    line. ``through`` is the module that the statement names, when that one only passes on the imported name.
    """

    module: str
    name: str | None
    path: str
    line: int
    scope: Scope
    role: Role
    via: str | None = None
    statement: str = ""
    through: str | None = None


@dataclass(frozen=True)
class Relationship:
    """A relationship of a mapped class; ``target`` is its argument as written, ``None`` where the annotation
    decides. ``points_at`` is the name of the class that either of them says, ``None`` where that takes running code.
    """

    name: str
    target: str | None
    line: int | None = None
    points_at: str | None = None


@dataclass(frozen=True)
class DateTimeColumn:
    """A column that holds dates with times of day. ``timezone`` says whether it keeps their zone; ``None`` where that
    takes running code.
    """

    name: str
    path: str
    line: int
    timezone: bool | None


@dataclass(frozen=True)
class MappedClass:
    """A class that is mapped to a table, from source, from run time, or from both (``sides``).

    ``base`` is the resolved identity of its declarative base (``"backend.app.core.db.Base"``), and is what makes two
    classes of a name collide or not. ``columns`` are attribute names in the order of definition. A table is known by
    its ``metadata``, its ``schema`` and its name: two of one name may be two tables.
    """

    name: str
    module: str
    qualname: str
    path: str
    line: int
    base: str | None
    table: str | None
    columns: tuple[str, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    extend_existing: bool = False
    sides: tuple[Side, ...] = ("source",)
    end_line: int | None = None
    #: the import statements that led to it in the running target, the outermost first, and its own line
    imported_through: tuple[Location, ...] = ()
    #: those of its mixins included
    datetimes: tuple[DateTimeColumn, ...] = ()
    schema: str | None = None
    metadata: str = ""

    @property
    def location(self) -> Location:
        """Where it is defined."""
        return Location(self.path, self.line, "definition")

    @property
    def dotted(self) -> str:
        """The class with its module before it."""
        return f"{self.module}.{self.qualname}"

    @property
    def table_name(self) -> str | None:
        """The table with its schema, as far as it is known."""
        return f"{self.schema}.{self.table}" if self.schema and self.table else self.table

    @property
    def table_key(self) -> tuple[str, str, str | None]:
        """What makes two tables one: MetaData, schema and name."""
        return self.metadata, self.schema or "", self.table


@dataclass(frozen=True)
class ScorePart:
    """What speaks for a class to be the primary one: how much of it there is (an age in days), and its points."""

    what: str
    value: int
    points: float


@dataclass(frozen=True)
class CollidingClass:
    """One party of a collision. ``importers`` counts the places that import this class (or its module for it); the
    primary class is the one whose parts of the ``score`` add up to most.
    """

    mapped: MappedClass
    importers: int
    primary: bool
    #: why it is the primary one, or the duplicate: ``"24 places import the class, 9 columns"``
    why: str
    score: tuple[ScorePart, ...] = ()
    #: the lines of its definition, the first ones where it is long; empty where they were not read
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Collision:
    """Two or more mapped classes that answer to one name in one registry.

    ``loaded`` tells what the run-time probe and the collected suite saw: true when at least two of the classes are
    imported by the collected suite (the collision is there now), false when it only waits for the import that brings
    them together, ``None`` when the suite was not collected. ``used_by`` are the relationship strings that hit the
    name.
    """

    id: str
    name: str
    registry: str
    tables: tuple[str, ...]
    classes: tuple[CollidingClass, ...]
    used_by: tuple[Location, ...] = ()
    loaded: bool | None = None

    @property
    def has_copies(self) -> bool:
        """Whether two of the classes are mapped to one table. Only then is one of them a duplicate of the other."""
        known = [party.mapped.table_key for party in self.classes if party.mapped.table]
        return len(set(known)) < len(known)

    def standing(self, party: CollidingClass) -> str:
        """``"primary"`` or ``"duplicate"`` among copies, else ``"own table"`` or ``"table not known"``."""
        if self.has_copies:
            return "primary" if party.primary else "duplicate"
        return "own table" if party.mapped.table and self.tables_are_known else "table not known"

    @property
    def tables_are_known(self) -> bool:
        """Whether the table of each class is known; source does not show a name that is computed."""
        return all(party.mapped.table for party in self.classes)


@dataclass(frozen=True)
class Finding:
    """Something in the source or the registry that blocks, or will block, tests.

    ``id`` is stable between runs: the kind and what it is about (``"duplicate-index:ix_orders_status"``).
    ``kit/docs/findings.md`` lists the kinds.
    """

    id: str
    kind: str
    severity: Severity
    title: str
    locations: tuple[Location, ...]
    evidence: tuple[str, ...] = ()
    details: dict[str, str | int | bool | list[str] | None] = field(default_factory=dict)
    #: whether only the running target shows it, and a scan of the source does not
    only_running: bool = False

    @property
    def effect(self) -> str:
        """The severity in words that fit the kind: ``"blocks when both are imported"``."""
        if self.severity != "blocks_when_both_imported":
            return {"blocks_alone": "blocks modules that run alone"}.get(self.severity, self.severity.replace("_", " "))
        return f"blocks when {_LATER.get(self.kind, 'it is imported')}"


@dataclass(frozen=True)
class ProbeError:
    """An error that the run-time probe met: importing ``module``, or configuring mappers (``module`` is ``None``)."""

    module: str | None
    exception: str
    message: str
    location: Location | None = None


@dataclass(frozen=True)
class Requirement:
    """A distribution that the target says it needs, as it names it, and where."""

    name: str
    path: str
    line: int


@dataclass(frozen=True)
class Pin:
    """A version to which a lock file or a requirement of the target holds a distribution; its ``name`` is normal: lower
    case, with ``-``.
    """

    name: str
    version: str
    path: str
    line: int


@dataclass(frozen=True)
class NaiveTime:
    """A place that makes a date and time without a zone: ``call`` is what it calls (``"datetime.datetime.utcnow"``),
    or, if not ``called``, hands on for others to call (``default=datetime.utcnow``).
    """

    call: str
    path: str
    line: int
    scope: Scope
    role: Role
    called: bool = True


@dataclass(frozen=True)
class PatchTarget:
    """A place that replaces an attribute for a test: ``mock.patch("a.b.name")``, ``patch.object(module, "name")``,
    ``monkeypatch.setattr(...)``, ``mocker.patch(...)``.

    ``target`` is the dotted whole, with what the owner was imported as put in full, and ``module`` the part of it that
    is a module of the target (``None``: of a library, or unknown). ``exists`` is ``False`` when source shows
    that the module does not bind the name, and ``None`` where that takes running code.
    """

    target: str
    module: str | None
    path: str
    line: int
    scope: Scope
    role: Role
    exists: bool | None


@dataclass(frozen=True)
class InventoryFacts:
    """All that the inventory of one case knows; any part may be empty, and ``problems`` says why in sentences.
    ``losses`` are those of the problems that make the case incomplete: something was recorded and could not be read.

    ``requirement_files`` are the files that were read for ``requirements``.
    """

    files: int
    mapped_classes: tuple[MappedClass, ...] = ()
    collisions: tuple[Collision, ...] = ()
    findings: tuple[Finding, ...] = ()
    #: importers of every module that a collision or finding names
    importers: tuple[Importer, ...] = ()
    runtime_errors: tuple[ProbeError, ...] = ()
    problems: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    requirement_files: tuple[str, ...] = ()
    pins: tuple[Pin, ...] = ()
    #: of the modules that the first blocking findings name
    neighbourhoods: tuple[Neighbourhood, ...] = ()
    naive_times: tuple[NaiveTime, ...] = ()
    patch_targets: tuple[PatchTarget, ...] = ()
    #: the files that load the modules of ``neighbourhoods``
    reached: tuple[Reached, ...] = ()
    #: what test files would miss when pytest runs each alone, as far as the source tells
    foreseen: tuple[Foreseen, ...] = ()
