"""The tables: one a kind of fact, keyed by the case.

A row holds the columns that people query by, and the whole fact as JSON beside them, compressed where it is long. So a
question such as "which tests failed in both cases" is plain SQL, while a new field of a fact needs no migration. Tests
and results, of which a case has thousands, are one value for a case, in ``heads``; ``outcomes`` has the columns by
which single results are found.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Column, Double, ForeignKey, Integer, MetaData, String, Table

from kit.store.packing import Packed

#: raised when a table changes its shape; ``migrations`` brings older stores here, and newer ones are refused
VERSION = 3

METADATA = MetaData(
    naming_convention={
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str, **more: Any) -> Column[str]:
    return Column(name, String, **{"nullable": False, **more})


def _case() -> Column[str]:
    return Column("case_id", String, ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)


def _fact(kind: Any = Packed) -> Column[Any]:
    return Column("fact", kind, nullable=False)


def _facts(name: str, *columns: Column[Any]) -> Table:
    """A table of facts that come as a list; ``position`` is the place in the list, from 0."""
    return Table(name, METADATA, _case(), Column("position", Integer, primary_key=True), *columns, _fact())


#: what the store says of itself
META = Table("meta", METADATA, _text("key", primary_key=True), _text("value"))

#: the heads of the cases
CASES = Table(
    "cases",
    METADATA,
    _text("id", primary_key=True),
    _text("target"),
    _text("started"),
    _text("finished", nullable=True),
    _fact(JSON),  # queries ask for the target in it
)

#: the stages of a case; ``position`` keeps the order in which they were started
STAGES = Table(
    "stages",
    METADATA,
    _case(),
    _text("name", primary_key=True),
    Column("position", Integer, nullable=False),
    _text("outcome"),
    _fact(),
)

#: by its name, a part of a case that has one value: what a room's facts have beside lists (``inventory``, ``suite``,
#: ``grouping``, ``fixes``), the two long lists (``tests``, ``results``), and what a line of a list of cases needs
HEADS = Table("heads", METADATA, _case(), _text("room", primary_key=True), _fact())

#: what queries read of the results of several cases; ``position`` is the place among the results of the case
OUTCOMES = Table(
    "outcomes",
    METADATA,
    _case(),
    Column("position", Integer, primary_key=True),
    _text("nodeid", index=True),
    _text("outcome"),
    Column("seconds", Double),
    _text("failure", nullable=True),
    _text("alone", nullable=True),
    _text("reason", nullable=True),
)

COLLECTION_ERRORS = _facts("collection_errors", _text("path"))
FAILURES = _facts("failures", _text("id"))
MAPPED_CLASSES = _facts("mapped_classes", _text("name"), _text("module"), _text("path"))
COLLISIONS = _facts("collisions", _text("id"), _text("name"))
FINDINGS = _facts("findings", _text("id"), _text("kind"), _text("severity"))
IMPORTERS = _facts("importers", _text("module"), _text("path"), Column("line", Integer, nullable=False))
GROUPS = _facts("groups", _text("id"), _text("category"), Column("count", Integer, nullable=False))
FIX_OPTIONS = _facts("fix_options", _text("id"), _text("cause"), _text("kind"))
TRIALS = _facts("trials", _text("verdict"), _text("measured"))
LAYERS = _facts("layers", _text("option"), _text("cause"))
CAUSES = _facts("causes", _text("id"), _text("kind"), _text("state"))
