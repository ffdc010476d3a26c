"""Trials confirm a cause, or speak against it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.facts.causes import Cause
from kit.facts.fixes import Comparison, FixFacts, FixOption, Trial
from kit.fixes.trials.judging import judged

FIRST = Cause("first", "feature-switch", "First", "consistent", (), tests=("a", "b"))
SECOND = Cause("second", "feature-switch", "Second", "consistent", (), tests=("c",))
FILE = Cause("file", "response-annotation", "File", "consistent", (), uncollectable=("t.py",))


def facts(cause: Cause, found: Comparison | None) -> FixFacts:
    option = FixOption("fix", cause.id, "fix", "Fix it", "", "patch")
    return FixFacts((option,), (Trial(("other", "fix"), "NO", "canaries", found),))


def test_what_was_not_tried_stays_as_it_is() -> None:
    assert judged([FIRST, SECOND], FixFacts()) == (FIRST, SECOND)


def test_a_trial_that_could_not_be_measured_says_nothing() -> None:
    assert judged([FIRST], facts(FIRST, None)) == (FIRST,)


@pytest.mark.parametrize(
    ("cause", "found", "change"),
    [
        (FIRST, Comparison(3, 3, unlocked=("a", "b")), "2 tests pass"),
        (FIRST, Comparison(3, 3, unmasked={"second": 1}), "1 test shows another cause"),
        (FILE, Comparison(3, 5, newly_collected={"passed": 2}), "2 tests are collected"),
    ],
)
def test_a_cause_whose_tests_change_is_confirmed(cause: Cause, found: Comparison, change: str) -> None:
    (one,) = judged([cause], facts(cause, found))

    assert one.state == "confirmed"
    assert one.evidence[-1].text == f"A trial confirms it. Fix it: {change}"


@pytest.mark.parametrize(
    "found",
    [Comparison(3, 3, still_failing=3), Comparison(3, 3, unlocked=("c",)), Comparison(3, 3, unmasked={"first": 2})],
)
def test_a_cause_whose_tests_stay_as_they_are_is_a_guess_and_stands_last(found: Comparison) -> None:
    other, one = judged([FIRST, SECOND], facts(FIRST, found))

    assert other == SECOND
    assert one == replace(FIRST, state="unknown", evidence=one.evidence)
    assert one.evidence[-1].text == "Trials speak against it: 1 fix left its tests as they are"


def test_what_an_earlier_trial_said_is_replaced() -> None:
    again = judged(
        judged([FIRST], facts(FIRST, Comparison(3, 3, still_failing=3))),
        facts(FIRST, Comparison(3, 3, unlocked=("a",))),
    )

    assert [one.text for one in again[0].evidence] == ["A trial confirms it. Fix it: 1 test passes"]
