"""Index names that a metadata has twice."""

from __future__ import annotations

import pytest

from kit.inventory.mappers.from_runtime import RuntimeFacts
from kit.inventory.source.records import RuntimeIndex
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
