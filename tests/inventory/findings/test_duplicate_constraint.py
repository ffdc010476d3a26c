"""Two constraints of one name where the database keeps them by name."""

from __future__ import annotations

import pytest

from kit.inventory.mappers.records import RuntimeTable
from tests.inventory.projects import Source
from tests.inventory.running import APP, found


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


def test_a_name_in_another_schema_or_another_metadata_is_another_name() -> None:
    unique = (("same", "unique_constraint"),)

    in_schemas = [RuntimeTable(0, 9, "a", names=unique), RuntimeTable(1, 9, "b", schema="archive", names=unique)]
    in_binds = [RuntimeTable(0, 9, "a", names=unique), RuntimeTable(1, 8, "b", names=unique)]

    assert found("duplicate-constraint", *in_schemas) == []
    assert found("duplicate-constraint", *in_binds) == []


def test_a_primary_key_takes_the_name_of_a_unique_constraint_of_another_table() -> None:
    tables = [names("same:primary_key_constraint"), names("same:unique_constraint", table=1)]

    (finding,) = found("duplicate-constraint", *tables)

    assert finding.title == '"same" is the name of several constraints on the tables a, b'
    assert finding.severity == "smell"


def test_three_constraints_of_a_name_are_one_finding() -> None:
    (finding,) = found("duplicate-constraint", names(*["same:check_constraint"] * 3))

    assert finding.details == {"constraint": "same", "tables": ["a"]}
