"""What is recommended moves tests on, breaks none, and leaves the tests alone where an option on the app helps."""

from __future__ import annotations

import pytest

from kit.facts.fixes import Comparison, FixOption, Trial
from kit.fixes.trials.ranking import ranked

NOTHING = Comparison(5, 5, kept=1, still_failing=4)
UNMASKS = Comparison(5, 5, kept=1, unmasked={"other": 1}, still_failing=3)
UNLOCKS = Comparison(5, 5, ("a", "b", "c", "d"), kept=1)


def option(name: str, *, on_tests: bool = False, losses: tuple[str, ...] = (), lines: int = 2) -> FixOption:
    return FixOption(name, "c:c", "k", "", "", "patch", losses, on_tests=on_tests, lines_added=lines)


def best(*tried: tuple[FixOption, Comparison | None]) -> list[str]:
    trials = [Trial((one.id,), "NO", "canaries", found) for one, found in tried]
    return [one.id for one in ranked([one for one, _ in tried], trials)]


@pytest.mark.parametrize(
    "found",
    [
        NOTHING,
        None,
        Comparison(5, 5, ("a", "b"), broken=("c",), still_failing=2),
        Comparison(5, 4, ("a", "b"), still_failing=2, gone=("c",)),
    ],
    ids=["no test moves on", "nothing was measured", "one is broken", "one is gone"],
)
def test_an_option_that_moves_nothing_on_or_harms_is_never_recommended(found: Comparison | None) -> None:
    assert best((option("o"), found)) == []


@pytest.mark.parametrize(
    "found",
    [UNMASKS, UNLOCKS, Comparison(0, 3, newly_collected={"failed": 3})],
    ids=["unmasks", "unlocks", "lets be collected"],
)
def test_an_option_that_moves_a_test_on_can_be_recommended(found: Comparison) -> None:
    assert found.holds()
    assert best((option("o"), found)) == ["o"]


def test_one_that_edits_tests_is_recommended_only_where_none_on_the_app_helps() -> None:
    in_tests, in_app = option("a", on_tests=True), option("b", losses=("a column",), lines=9)

    assert best((in_tests, UNLOCKS), (in_app, UNMASKS)) == ["b", "a"]
    assert best((in_tests, UNLOCKS), (in_app, NOTHING)) == ["a"]


def test_of_those_on_the_app_the_one_that_frees_most_loses_least_and_changes_least_comes_first() -> None:
    tried = [option("a"), option("b", losses=("a column",)), option("c", lines=3), option("d", lines=1)]

    assert best(*zip(tried, [UNMASKS, UNLOCKS, UNLOCKS, UNLOCKS], strict=True)) == ["d", "c", "b", "a"]
