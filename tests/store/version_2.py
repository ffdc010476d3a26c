"""A store as version 2 had it: a row of JSON for each fact."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import JSON, Column, Connection, Double, ForeignKey, Integer, MetaData, String, Table, insert

from kit.facts.case import CaseFacts

METADATA = MetaData(naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(table_name)s_%(column_0_name)s"})


def _text(name: str, **more: Any) -> Column[str]:
    return Column(name, String, **{"nullable": False, **more})


def _table(name: str, *columns: Column[Any]) -> Table:
    case = Column("case_id", String, ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    return Table(name, METADATA, case, *columns, Column("fact", JSON, nullable=False))


def _list(name: str, *columns: Column[Any]) -> Table:
    return _table(name, Column("position", Integer, primary_key=True), *columns)


META = Table("meta", METADATA, _text("key", primary_key=True), _text("value"))
CASES = Table(
    "cases",
    METADATA,
    _text("id", primary_key=True),
    _text("target"),
    _text("started"),
    _text("finished", nullable=True),
    Column("fact", JSON, nullable=False),
)
STAGES = _table(
    "stages", _text("name", primary_key=True), Column("position", Integer, nullable=False), _text("outcome")
)
HEADS = _table("heads", _text("room", primary_key=True))
RESULTS = _list(
    "results",
    _text("nodeid", index=True),
    _text("outcome"),
    Column("seconds", Double),
    _text("failure", nullable=True),
)
LISTS = {
    "tests": _list("tests", _text("nodeid"), _text("path")),
    "results": RESULTS,
    "collection_errors": _list("collection_errors", _text("path")),
    "failures": _list("failures", _text("id")),
    "mapped_classes": _list("mapped_classes", _text("name"), _text("module"), _text("path")),
    "collisions": _list("collisions", _text("id"), _text("name")),
    "findings": _list("findings", _text("id"), _text("kind"), _text("severity")),
    "importers": _list("importers", _text("module"), _text("path"), Column("line", Integer, nullable=False)),
    "groups": _list("groups", _text("id"), _text("category"), Column("count", Integer, nullable=False)),
    "causes": _list("causes", _text("id"), _text("kind"), _text("state")),
}


def write(connection: Connection, facts: CaseFacts) -> None:
    """A case with an inventory, a suite and a diagnosis, as kit wrote it before it kept counts with the case."""
    METADATA.create_all(connection)
    if connection.scalar(META.select()) is None:
        connection.execute(insert(META).values(key="version", value="2"))
    case, suite, inventory, grouping = facts.case, facts.suite, facts.inventory, facts.grouping
    assert suite
    assert inventory
    assert grouping
    head = {"id": case.id, "target": case.target.name, "started": case.started, "finished": case.finished}
    connection.execute(insert(CASES).values(**head, fact=msgspec.to_builtins(case)))
    heads = {
        "inventory": replace(inventory, mapped_classes=(), collisions=(), findings=(), importers=()),
        "suite": replace(suite, tests=(), results=(), collection_errors=(), failures={}),
        "grouping": replace(grouping, groups=()),
    }
    for room, fact in heads.items():
        connection.execute(insert(HEADS).values(case_id=case.id, room=room, fact=msgspec.to_builtins(fact)))
    lists: dict[str, Any] = {
        name: getattr(part, name) for part in (suite, inventory, grouping) for name in LISTS if hasattr(part, name)
    }
    lists |= {"failures": tuple(suite.failures.values()), "causes": facts.causes or ()}
    for name, found in lists.items():
        table = LISTS[name]
        columns = [column for column in table.c.keys() if column not in ("case_id", "position", "fact")]  # noqa: SIM118
        for position, fact in enumerate(found):
            row = {column: getattr(fact, column) for column in columns}
            values = {"case_id": case.id, "position": position, "fact": msgspec.to_builtins(fact), **row}
            connection.execute(insert(table).values(values))
