"""The search names the commit that brought something: on a line, in a merged branch, beside broken stretches."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from kit.history.searching import Found, first_showing


class Graph:
    """A history of commits with their parents."""

    def __init__(self, parents: Mapping[str, tuple[str, ...]]) -> None:
        self._parents = parents

    def parents(self, commit: str) -> tuple[str, ...]:
        return self._parents.get(commit, ())

    def line(self, commit: str) -> list[str]:
        parents = self.parents(commit)
        return [commit, *self.line(parents[0])] if parents else [commit]

    def reachable(self, commit: str) -> frozenset[str]:
        return frozenset({commit}.union(*(self.reachable(one) for one in self.parents(commit))))


def line_of(number: int) -> Graph:
    return Graph({str(at): (str(at - 1),) for at in range(1, number)})


def test_it_is_found_at_every_place_of_a_line_with_few_looks() -> None:
    for first in range(1, 200):
        looks = []

        def shows(commit: str, first: int = first, looks: list[str] = looks) -> bool:
            looks.append(commit)
            return int(commit) >= first

        assert first_showing(line_of(200), "199", shows) == Found(str(first))
        assert len(looks) <= 17


@pytest.mark.slow
def test_likely_commits_are_looked_at_first_and_decide_nothing() -> None:
    draw = random.Random(2)
    for _ in range(200):
        first, likely = draw.randrange(1, 200), {str(at) for at in draw.sample(range(200), draw.randrange(4))}
        looks: dict[str, bool] = {}

        def shows(commit: str, first: int = first, looks: dict[str, bool] = looks) -> bool:
            return looks.setdefault(commit, int(commit) >= first)

        def chosen(_line: object, likely: set[str] = likely) -> set[str]:
            return likely

        assert first_showing(line_of(200), "199", shows, chosen) == Found(str(first))
        assert looks[str(first)]
        assert not looks[str(first - 1)]
        assert len(looks) <= (3 + len(likely) if str(first) in likely else 22)


def test_it_is_as_old_as_the_history() -> None:
    assert first_showing(line_of(50), "49", lambda _: True) == Found("0", is_oldest=True)
    assert first_showing(line_of(50), "49", lambda _: False) is None


def test_the_latest_time_that_it_came_counts_where_the_search_steps_on_the_gap() -> None:
    there = {*range(10, 36), *range(45, 50)}

    assert first_showing(line_of(50), "49", lambda commit: int(commit) in there) == Found("45")


def test_commits_that_cannot_be_tested_are_no_good_ones() -> None:
    def shows(commit: str) -> bool | None:
        return None if 20 <= int(commit) < 26 else int(commit) >= 23

    assert first_showing(line_of(50), "49", shows) == Found("26", ("25", "24", "23", "22", "21", "20"))


def test_the_first_commit_is_not_blamed_when_the_oldest_ones_cannot_be_tested() -> None:
    def shows(commit: str) -> bool | None:
        return None if int(commit) < 2 else True

    assert first_showing(line_of(6), "5", shows) == Found("2", ("1", "0"), is_oldest=False)


def test_a_broken_stretch_elsewhere_does_not_matter() -> None:
    draw = random.Random(1)
    for _ in range(100):
        first, broken = draw.randrange(1, 100), draw.randrange(100)
        stretch = {at for at in range(broken, broken + 12) if at not in (first, first - 1, 99)}
        if {first, first - 1} <= {*range(broken - 1, broken + 13)}:
            continue

        def shows(commit: str, first: int = first, stretch: set[int] = stretch) -> bool | None:
            return None if int(commit) in stretch else int(commit) >= first

        assert first_showing(line_of(100), "99", shows) == Found(str(first))


# main: a0 - a1 - a2 - a3 - m - a5     branch: a1 - b1 - b2 - b3 - m
MERGED = Graph(
    {"a1": ("a0",), "a2": ("a1",), "a3": ("a2",), "m": ("a3", "b3"), "a5": ("m",)}
    | {"b1": ("a1",), "b2": ("b1",), "b3": ("b2",)}
)


def test_a_commit_of_a_merged_branch_is_named_and_not_the_merge() -> None:
    for first, there in {"b2": {"b2", "b3"}, "b1": {"b1", "b2", "b3"}, "b3": {"b3"}}.items():
        shown = {*there, "m", "a5"}
        assert first_showing(MERGED, "a5", shown.__contains__) == Found(first)


def test_a_merge_that_brings_two_sides_together_is_named_itself() -> None:
    assert first_showing(MERGED, "a5", {"m", "a5"}.__contains__) == Found("m")


def test_a_merged_branch_that_cannot_be_tested_may_have_brought_it() -> None:
    verdicts = {"m": True, "a5": True, "b3": None, "b2": None, "b1": None}

    assert first_showing(MERGED, "a5", lambda commit: verdicts.get(commit, False)) == Found("m", ("b3", "b2", "b1"))


def test_a_commit_before_the_branch_is_named() -> None:
    shown = {"a1", "a2", "a3", "b1", "b2", "b3", "m", "a5"}

    assert first_showing(MERGED, "a5", shown.__contains__) == Found("a1")
