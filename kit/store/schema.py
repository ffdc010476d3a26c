"""The tables: one a kind of fact, keyed by the case.

A row holds the columns that people query by, and the whole fact as JSON beside them. So a question such as "which
tests failed in both cases" is plain SQL, while a new field of a fact needs no migration.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Column, Double, ForeignKey, Integer, MetaData, String, Table

#: raised when a table changes its shape; a store of another version is refused with a sentence
VERSION = 2

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


def _fact() -> Column[Any]:
    return Column("fact", JSON, nullable=False)


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
    _fact(),
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

#: the part of a room's facts that is not a list: ``inventory``, ``suite``, ``grouping``
HEADS = Table("heads", METADATA, _case(), _text("room", primary_key=True), _fact())

TESTS = _facts("tests", _text("nodeid"), _text("path"))
RESULTS = _facts(
    "results",
    _text("nodeid", index=True),
    _text("outcome"),
    Column("seconds", Double),
    _text("failure", nullable=True),
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
