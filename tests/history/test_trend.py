"""The cases of an app one after another: the pass rates that can be compared, and since when a cause is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kit.facts.case import CaseFacts
from kit.facts.history import Commit, Introduction
from kit.facts.overview import CaseLine, OutcomeCounts
from kit.facts.suite import RunSession
from kit.facts.trend import Trend
from kit.history import trend_of
from kit.report.markdown import render_markdown
from kit.report.page import render
from kit.store import Store, default_url
from tests.history.moments import case_at

A, B = "tests/test_a.py::test_a", "tests/test_b.py::test_b"
FINE = {A: None, B: None}
BROKEN = {A: "no bread", B: None}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(default_url(tmp_path))
    yield store
    store.close()


def put(store: Store, *cases: CaseFacts) -> None:
    for facts in cases:
        assert facts.suite
        assert facts.grouping
        store.save_case(facts.case)
        store.save_suite(facts.case.id, facts.suite)
        store.save_diagnosis(facts.case.id, facts.grouping, facts.causes or ())


def found(cause: str) -> Introduction:
    return Introduction(cause, Commit("1a2b3c4d5e6f7a", "2026-11-12T00:00:00+00:00", "No bread", "Ann", ("a.py",)))


def test_the_largest_fall_is_named_with_its_case(store: Store) -> None:
    cases = [case_at(1, FINE), case_at(2, BROKEN), case_at(3, BROKEN)]
    put(store, *cases)

    trend = trend_of(store, cases[-1])

    assert trend
    rates, _, fall = trend.sentence.partition("; ")
    assert rates == "The pass rate went from 100.0 % to 50.0 % over 3 cases"
    assert fall == "its largest fall, from 100.0 % to 50.0 %, came with at-2"
    (age,) = trend.causes
    assert (age.first.id, age.seen, age.looked, age.sentence) == ("at-2", 2, 2, "in each of 2 cases")


def test_a_cause_that_was_away_has_no_commit_of_before_and_is_not_said_to_have_been_there_all_along(
    store: Store,
) -> None:
    cases = [case_at(1, BROKEN), case_at(2, FINE), case_at(3, BROKEN)]
    put(store, *cases)
    (cause,) = cases[0].causes or ()
    store.save_introductions("at-1", [found(cause.id)])

    trend = trend_of(store, cases[-1])

    assert trend
    (age,) = trend.causes
    assert (age.first.id, age.sentence, age.introduced) == ("at-1", "in 2 of 3 cases", None)


@pytest.mark.slow
def test_the_commit_of_an_earlier_case_is_that_of_the_cause_and_has_no_author(store: Store) -> None:
    cases = [case_at(1, BROKEN), case_at(2, BROKEN)]
    put(store, *cases)
    (cause,) = cases[0].causes or ()
    store.save_introductions("at-1", [found(cause.id)])

    trend = trend_of(store, cases[-1])

    assert trend
    (age,) = trend.causes
    assert age.introduced
    assert age.introduced.in_words == 'since 1a2b3c4d5e6f, 12 November 2026, "No bread", 1 file'
    assert age.introduced.commit
    assert age.introduced.commit.author == ""
    page = render(replace(cases[-1], trend=trend), "now")
    assert "1a2b3c4d5e6f, 12 November 2026" in page
    assert "Ann" not in page


def test_later_cases_and_those_of_another_app_are_not_in_it(store: Store) -> None:
    cases = [case_at(hour, BROKEN) for hour in (1, 2, 3)]
    other = case_at(4, FINE)
    put(store, *cases, replace(other, case=replace(other.case, target=replace(other.case.target, root="/other"))))

    trend = trend_of(store, cases[1])

    assert trend
    assert [line.case.id for line in trend.lines] == ["at-1", "at-2"]
    assert trend_of(store, cases[0]) is None


def test_a_run_of_chosen_tests_is_not_compared(store: Store) -> None:
    cases = [case_at(1, FINE), case_at(2, {A: "no bread"}), case_at(3, FINE)]
    assert cases[1].suite
    part = replace(cases[1].suite, sessions=(RunSession("2026-11-23T02:00:00+00:00", is_whole=False),))
    put(store, cases[0], replace(cases[1], suite=part), cases[2])

    trend = trend_of(store, cases[-1])

    assert trend
    assert trend.sentence == "The pass rate was 100.0 % in each of 2 cases"
    assert len(trend.lines) == 3


def test_where_no_two_rates_can_be_compared_the_sentence_says_so() -> None:
    head = case_at(1, FINE).case
    lines = (CaseLine(head, ended=OutcomeCounts({"passed": 2})), CaseLine(head))

    assert Trend(lines).sentence == "Of 2 cases, 1 ran the whole suite, so there are no pass rates to compare"


@pytest.mark.slow
def test_the_first_case_of_an_app_shows_the_commit_of_its_cause_too(store: Store) -> None:
    case = case_at(1, BROKEN)
    put(store, case)
    assert trend_of(store, case) is None

    store.save_introductions("at-1", [found(one.id) for one in case.causes or ()])
    told = replace(case, trend=trend_of(store, case))

    since = "since 1a2b3c4d5e6f, 12 November 2026, "
    assert since in render(told, "now")
    assert since in render_markdown(told, "now")
