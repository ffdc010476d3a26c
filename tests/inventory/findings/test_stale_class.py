"""Mapped classes that another one has replaced in their module."""

from __future__ import annotations

from kit.inventory.mappers.records import RuntimeMapper
from tests.inventory.running import MAPPERS, found


def again(*, stale: bool, line: int) -> RuntimeMapper:
    steps = (("main.py", 1), ("m.py", line))
    return RuntimeMapper(
        "A", "m", "A", registry=1, table_id=line, path="m.py", table="a", stale=stale, imported_through=steps
    )


def test_a_class_that_was_defined_twice_is_one_finding_with_both_ways_to_it() -> None:
    mappers = (again(stale=True, line=2), again(stale=False, line=20))
    (finding,) = found("stale-class", mappers=mappers)
    assert (finding.id, finding.severity) == ("stale-class:m.A", "smell")
    assert finding.title == "A was defined 2 times, and all of its classes stay mapped"
    assert [str(place) for place in finding.locations] == ["m.py:2", "m.py:20"]
    assert finding.evidence == (
        "The earlier one is mapped to a, through main.py:1 → m.py:2",
        "The one in its module is mapped to a, through main.py:1 → m.py:20",
    )


def test_classes_that_their_modules_still_have_are_left_alone() -> None:
    assert found("stale-class") == []
    assert not any(mapper.stale for mapper in MAPPERS)


def test_a_class_without_a_recorded_way_is_named_where_it_is_defined() -> None:
    mappers = tuple(
        RuntimeMapper("A", "m", "A", registry=1, table_id=number, path="m.py", line=2, table="a", stale=number == 0)
        for number in range(2)
    )

    (finding,) = found("stale-class", mappers=mappers)

    assert [str(place) for place in finding.locations] == ["m.py:2"]
    assert finding.evidence == ("The earlier one is mapped to a", "The one in its module is mapped to a")


def test_a_class_that_was_defined_three_times_is_one_finding() -> None:
    mappers = (again(stale=True, line=2), again(stale=True, line=9), again(stale=False, line=20))

    (finding,) = found("stale-class", mappers=mappers)

    assert finding.title == "A was defined 3 times, and all of its classes stay mapped"
