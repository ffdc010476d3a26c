"""Foreign keys that are added afterwards and cannot be dropped."""

from __future__ import annotations

import pytest

from kit.inventory.mappers.records import RuntimeForeignKey, RuntimeTable
from tests.inventory.running import found


@pytest.mark.parametrize(
    ("use_alter", "named", "number"), [(True, False, 1), (True, True, 0), (False, False, 0), (False, True, 0)]
)
def test_only_a_key_that_is_added_afterwards_needs_a_name(use_alter: bool, named: bool, number: int) -> None:
    key = RuntimeForeignKey("x", "b", "id", use_alter, named, None)
    findings = found("unnamed-constraint", RuntimeTable(0, 9, "a", foreign_keys=(key,)))
    assert [(one.id, one.severity, str(one.locations[0])) for one in findings] == [
        ("unnamed-constraint:a.x", "smell", "m.py:6")
    ] * number


def test_the_details_name_both_ends_of_the_key() -> None:
    key = RuntimeForeignKey("x", "b", "id", True, False, None)

    (finding,) = found("unnamed-constraint", RuntimeTable(0, 9, "a", foreign_keys=(key,)))

    assert finding.details == {"table": "a", "column": "x", "target": "b.id"}
    assert finding.only_running


def test_a_table_that_no_class_maps_and_no_line_defines_has_no_place_to_show() -> None:
    key = RuntimeForeignKey("x", "b", "id", True, False, None)

    assert found("unnamed-constraint", RuntimeTable(7, 9, "of_a_library", foreign_keys=(key,))) == []


def test_two_keys_of_a_table_are_two_findings() -> None:
    keys = tuple(RuntimeForeignKey(column, "b", "id", True, False, None) for column in ("x", "id"))

    findings = found("unnamed-constraint", RuntimeTable(0, 9, "a", foreign_keys=keys))

    assert [one.id for one in findings] == ["unnamed-constraint:a.id", "unnamed-constraint:a.x"]
