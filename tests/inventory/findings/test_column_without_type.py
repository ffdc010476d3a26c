"""Columns that have no type."""

from __future__ import annotations

from kit.inventory.mappers.records import RuntimeForeignKey, RuntimeTable
from tests.inventory.running import found


def test_a_column_without_a_type_is_told_where_it_is_written() -> None:
    (finding,) = found("column-without-type", RuntimeTable(0, 9, "a", columns=("id", "x"), untyped=("x",)))
    assert (finding.severity, str(finding.locations[0])) == ("blocks_now", "m.py:6")
    assert "a.x" in finding.title or "A.x" in finding.title


def test_columns_with_types_are_left_alone() -> None:
    key = RuntimeForeignKey("x", "b", "id", False, False, None)
    assert found("column-without-type", RuntimeTable(0, 9, "a", columns=("id", "x"), foreign_keys=(key,))) == []


def test_a_table_of_a_library_has_no_place_to_be_told_at() -> None:
    assert found("column-without-type", RuntimeTable(7, 9, "other", columns=("y",), untyped=("y",))) == []
