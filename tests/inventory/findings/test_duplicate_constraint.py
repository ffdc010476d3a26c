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
