"""Classes that each refer to a row of the other."""

from __future__ import annotations

import pytest

from kit.inventory.mappers.records import Resolved, ResolvedRelationship
from tests.inventory.running import found

A, B = ("m", "A"), ("m", "B")


def resolved(mapper: tuple[str, str], target: tuple[str, str], direction: str, orders_writes: bool = True) -> Resolved:
    return Resolved(mapper, (ResolvedRelationship("other", target, direction, orders_writes),))


def test_two_classes_that_wait_for_each_other_are_one_finding() -> None:
    (finding,) = found("flush-cycle", resolved=(resolved(A, B, "MANYTOONE"), resolved(B, A, "MANYTOONE")))
    assert finding.severity == "smell"
    assert finding.title == "Rows that refer to each other through A.other and B.other cannot be written"
    assert [str(place) for place in finding.locations] == ["m.py:2", "m.py:7"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (resolved(A, B, "MANYTOONE"), resolved(B, A, "ONETOMANY")),
        (resolved(A, B, "MANYTOONE", False), resolved(B, A, "MANYTOONE")),  # post_update
        (resolved(A, A, "MANYTOONE"), resolved(B, B, "MANYTOONE")),
        (resolved(A, B, "MANYTOONE"), resolved(B, ("m", "Gone"), "MANYTOONE")),
    ],
)
def test_rows_that_can_be_written_are_left_alone(one: Resolved, other: Resolved) -> None:
    assert found("flush-cycle", resolved=(one, other)) == []
