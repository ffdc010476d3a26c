"""Facts of which a suite has one for each test or failure, and a case of 100,000 tests as many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any, get_args, get_type_hints

from kit.facts.history import CaseComparison
from kit.facts.suite import SuiteFacts, TestRow
from kit.facts.timeline import RunTimeline

#: what there is one of for each test, failure or line that failures pass through, by the facts that hold it
_MANY: dict[type, tuple[str, ...]] = {
    SuiteFacts: ("tests", "results", "collection_errors", "failures", "warnings", "polluted", "execution"),
    RunTimeline: ("ended",),
    CaseComparison: ("tests", "slower"),
}


def held_by(hint: Any) -> Iterator[type]:
    """The dataclasses that stand in a type hint, and what these hold in turn."""
    if is_dataclass(hint) and isinstance(hint, type):
        yield hint
        for held in get_type_hints(hint).values():
            yield from held_by(held)
    for part in get_args(hint):
        yield from held_by(part)


def test_what_there_are_many_of_has_no_dictionary_of_its_own() -> None:
    many = {one for facts, names in _MANY.items() for name in names for one in held_by(get_type_hints(facts)[name])}

    assert len(many) > 8
    assert [one.__name__ for one in (*many, TestRow) if one.__dictoffset__] == []
