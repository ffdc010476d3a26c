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
