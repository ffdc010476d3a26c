"""Index names that a metadata has twice."""

from __future__ import annotations

import pytest

from kit.inventory.mappers.from_runtime import RuntimeFacts
from kit.inventory.mappers.records import RuntimeIndex
from tests.inventory.projects import Source

HEAD = """
    from sqlalchemy.orm import DeclarativeBase
    class Base(DeclarativeBase): ...
"""


def order(*, args: str = "()", column: str = "index=True", after: str = "", schema: str = "") -> Source:
    text = f"""
    class Order(Base):
        __tablename__ = "orders"
        __table_args__ = {args}
        id = Column(Integer)
        status = Column(String, {column})
    {after}
"""
    return Source({"m.py": HEAD + text})


TWICE = {
    "index=True beside an Index": order(args='(Index("ix_orders_status", "status"),)'),
    "and table options": order(args='(Index("ix_orders_status", "status"), {"comment": "x"})'),
    "a generated name": order(args='(Index(None, "status"),)'),
    "two of a name": order(args='(Index("ix_orders_status", "status"), Index("ix_orders_status", "id"))', column=""),
    "outside of the class": order(after='Index("ix_orders_status", Order.status)'),
    "a column of another name": order(args='(Index("ix_orders_state", "state"),)', column='name="state", index=True'),
    "a sum of arguments": order(args='Base.args + (Index("ix_orders_status", "status"),)'),
}
ONCE = {
    "index=True alone": order(),
    "an Index alone": order(args='(Index("ix_orders_status", "status"),)', column=""),
    "index=False": order(args='(Index("ix_orders_status", "status"),)', column="index=False"),
    "another name": order(args='(Index("ix_orders_by_status", "status"),)'),
    "a computed name": order(args='(Index(NAME, "status"), Index(f"ix_{x}", "status"))'),
    "a constraint": order(args='(UniqueConstraint("status", name="ix_orders_status"),)'),
    "a schema in the generated name": order(args='(Index("ix_orders_status", "status"), {"schema": "shop"})'),
}


@pytest.mark.parametrize("project", TWICE.values(), ids=TWICE.keys())
def test_an_index_that_is_defined_twice(project: Source) -> None:
    (finding,) = project.found("duplicate-index")
    name = finding.id.partition(":")[2]
    assert finding.severity == "blocks_now"
    assert finding.title == f'Index "{name}" is defined twice on table "orders"'
    assert len(finding.locations) == 2


@pytest.mark.parametrize("project", ONCE.values(), ids=ONCE.keys())
def test_an_index_that_is_not(project: Source) -> None:
    assert project.found("duplicate-index") == []


def test_both_definitions_are_told_with_their_lines() -> None:
    (finding,) = TWICE["index=True beside an Index"].found("duplicate-index")
    assert [(str(place), place.role) for place in finding.locations] == [("m.py:6", "index"), ("m.py:8", "column")]
    assert finding.evidence == (
        'm.py:6: Index("ix_orders_status", "status")',
        "m.py:8: index=True on the column status",
    )


TWO_TABLES = """
    class Base2(DeclarativeBase): ...
    class A({base}):
        __tablename__ = "a"
        __table_args__ = (Index("ix_created", "created"),{options})
    class B(Base):
        __tablename__ = "b"
        __table_args__ = (Index("ix_created", "created"),)
"""


def test_one_name_on_two_tables_of_a_metadata() -> None:
    (finding,) = Source({"m.py": HEAD + TWO_TABLES.format(base="Base", options="")}).found("duplicate-index")
    assert finding.title == 'Index "ix_created" is defined on the tables "a" and "b"'


def test_one_name_in_two_metadatas_or_schemas() -> None:
    assert not Source({"m.py": HEAD + TWO_TABLES.format(base="Base2", options="")}).found("duplicate-index")
    assert not Source({"m.py": HEAD + TWO_TABLES.format(base="Base", options='{"schema": "x"}')}).found(
        "duplicate-index"
    )


def test_an_index_of_a_mixin_is_on_every_table() -> None:
    mixin = """
    class Mixin:
        __table_args__ = (Index("ix_created", "created"),)
    class A(Mixin, Base): __tablename__ = "a"
    class B(Mixin, Base): __tablename__ = "b"
"""
    assert len(Source({"m.py": HEAD + mixin}).found("duplicate-index")) == 1


def test_what_two_classes_of_one_table_have_each_once_is_told_with_the_classes() -> None:
    text = (
        'from m import Base\nclass User(Base):\n    __tablename__ = "u"\n'
        "    mail = Column(String, index=True, primary_key=True)\n"
    )
    files = {"m.py": HEAD, "a.py": text, "b.py": text + '    __table_args__ = {"extend_existing": True}'}
    project = Source(files)
    running = RuntimeFacts(indexes=(RuntimeIndex("ix_u_mail", ("u", "u")),))
    kinds = {finding.kind: finding for finding in project.findings(running)}
    assert list(kinds) == ["duplicate-class"]
    assert kinds["duplicate-class"].evidence[-1].startswith('Both define the index "ix_u_mail"')


def test_an_index_that_only_the_running_target_shows() -> None:
    running = RuntimeFacts(indexes=(RuntimeIndex("ix_made", ("orders", "orders")),))
    (finding,) = order().findings(running)
    assert (finding.id, str(finding.locations[0])) == ("duplicate-index:ix_made", "m.py:4")


TRADES = """
from sqlalchemy import Column, Index, Integer, String
from app.base import Base
class {name}(Base):
    __tablename__ = "trades"
    __table_args__ = ({index}{{"extend_existing": {extends}}},)
    id = Column(Integer, primary_key=True)
    symbol = Column(String{column})
"""
BY_CALL = ('Index("ix_trades_symbol", "symbol"), ', "")
BY_COLUMN = ("", ", index=True")
NONE = ("", "")


@pytest.mark.parametrize(
    ("one", "other", "extends", "finds"),
    [
        (BY_CALL, BY_COLUMN, (False, True), True),
        (BY_COLUMN, BY_CALL, (False, True), True),
        (BY_CALL, BY_CALL, (True, True), True),
        (BY_COLUMN, BY_COLUMN, (True, True), True),
        (BY_CALL, NONE, (False, True), False),
        (NONE, BY_COLUMN, (False, True), False),
        (BY_CALL, BY_COLUMN, (False, False), False),  # the second class is refused before its index is made
    ],
)
@pytest.mark.parametrize("imported", ["app.a, app.b", "app.a"])
def test_two_classes_that_share_a_table_bring_one_index_each(
    one: tuple[str, str], other: tuple[str, str], extends: tuple[bool, bool], finds: bool, imported: str
) -> None:
    project = Source(
        {
            "app/__init__.py": "",
            "app/base.py": "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\n",
            "app/a.py": TRADES.format(name="Trade", index=one[0], column=one[1], extends=extends[0]),
            "app/b.py": TRADES.format(name="PaperTrade", index=other[0], column=other[1], extends=extends[1]),
            "tests/test_a.py": f"import {imported}\n",
        }
    )
    effect = "blocks now" if imported == "app.a, app.b" else "blocks when its tables are created"
    assert [finding.effect for finding in project.found("duplicate-index")] == [effect] * finds
