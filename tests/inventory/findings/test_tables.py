"""What only the running target's tables tell, judged on facts as its probe gives them."""

from __future__ import annotations

import pytest

from kit.facts.inventory import Finding, ProbeError
from kit.inventory.mappers.from_runtime import RuntimeFacts
from kit.inventory.mappers.records import RuntimeForeignKey, RuntimeMapper, RuntimeTable
from tests.inventory.projects import Source

APP = {
    "db.py": "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\n",
    "m.py": """
        from db import Base
        class A(Base):
            __tablename__ = "a"
            __table_args__ = (UniqueConstraint("x", name="same"),)
            id = Column(Integer, primary_key=True)
            x = Column(Integer)
        class B(Base):
            __tablename__ = "b"
            id = Column(Integer, primary_key=True)
    """,
}
MAPPERS = tuple(
    RuntimeMapper(name, "m", name, registry=1, table_id=number, path="m.py", table=name.lower())
    for number, name in enumerate("AB")
)


def found(kind: str, *tables: RuntimeTable, **more: object) -> list[Finding]:
    facts = RuntimeFacts(mappers=MAPPERS, tables=tables, **more)  # type: ignore[arg-type]
    return [finding for finding in Source(APP).findings(facts) if finding.kind == kind]


def names(*pairs: str, table: int = 0) -> RuntimeTable:
    return RuntimeTable(table, 9, "ab"[table], names=tuple(tuple(pair.split(":")) for pair in pairs))  # type: ignore[misc]


NAMES = {
    "unique constraints of two tables": (
        [names("same:unique_constraint"), names("same:unique_constraint", table=1)],
        1,
    ),
    "a unique constraint and an index": ([names("same:unique_constraint", "same:index")], 1),
    "checks of one table": ([names("same:check_constraint", "same:check_constraint")], 1),
    "checks of two tables": ([names("same:check_constraint"), names("same:check_constraint", table=1)], 0),
    "a check and an index of another table": ([names("same:check_constraint"), names("same:index", table=1)], 0),
    "indexes, which another rule tells": ([names("same:index"), names("same:index", table=1)], 0),
}


@pytest.mark.parametrize(("tables", "number"), NAMES.values(), ids=NAMES.keys())
def test_constraints_of_a_name(tables: list[RuntimeTable], number: int) -> None:
    findings = found("duplicate-constraint", *tables)
    assert [finding.id for finding in findings] == ["duplicate-constraint:same"] * number
    assert all(str(finding.locations[0]) == "m.py:4" for finding in findings)


def test_two_constraints_of_a_name_in_source() -> None:
    twice = APP["m.py"].replace('name="same"),', 'name="same"), UniqueConstraint("id", name="same"),')
    (finding,) = Source({**APP, "m.py": twice}).found("duplicate-constraint")
    assert finding.title == '"same" is the name of several constraints on table a'
    assert Source(APP).found("duplicate-constraint") == []


def test_a_missing_column_is_told_where_the_key_is_written() -> None:
    key = RuntimeForeignKey("x", "b", "nope", False, False, "column")
    (finding,) = found("foreign-key", RuntimeTable(0, 9, "a", foreign_keys=(key,)))
    assert (finding.id, str(finding.locations[0])) == ("foreign-key:m.A.x", "m.py:6")
    assert finding.title == 'A.x has a foreign key to "b.nope", which does not exist'


def test_nothing_is_missed_while_modules_could_not_be_imported() -> None:
    table = RuntimeTable(0, 9, "a", foreign_keys=(RuntimeForeignKey("x", "c", "id", False, False, "table"),))
    assert found("foreign-key", table, errors=(ProbeError("other", "E", "x"),)) == []


def circle(**options: bool) -> list[RuntimeTable]:
    said = {"use_alter": False, "named": False, **options}
    there = RuntimeForeignKey("x", "b", "id", **said, missing=None)
    back = RuntimeForeignKey("id", "a", "id", False, True, None)
    return [RuntimeTable(0, 9, "a", foreign_keys=(there,)), RuntimeTable(1, 9, "b", foreign_keys=(back,))]


def test_tables_whose_keys_go_round() -> None:
    (finding,) = found("table-cycle", *circle())
    assert finding.title == "The foreign keys of a and b go round"
    assert [str(place) for place in finding.locations] == ["m.py:6", "m.py:9"]
    assert "Without a name, these keys cannot be dropped first: a.x" in finding.evidence
    assert found("table-cycle", *circle(use_alter=True)) == []


def test_a_table_that_refers_to_itself_is_no_circle() -> None:
    key = RuntimeForeignKey("x", "a", "id", False, False, None)
    assert found("table-cycle", RuntimeTable(0, 9, "a", foreign_keys=(key,))) == []
