"""Every category knows its own, and lets pass what only looks like it."""

from __future__ import annotations

import pytest

from kit.facts.suite import TestResult
from kit.failures import categorise, rules
from kit.failures.symptom import symptom_of_result
from tests.failures.live import failure_with
from tests.failures.recordings import recordings


@pytest.mark.parametrize("name", recordings())
def test_a_recorded_failure_is_in_its_category(name: str) -> None:
    recording = recordings()[name]

    assert categorise(recording.symptom).key == recording.category


@pytest.mark.parametrize("key", [rule.key for rule in rules() if rule.key != "flaky"])  # no message tells that
def test_a_category_has_a_recording_of_its_own_and_one_that_looks_like_it_and_belongs_elsewhere(key: str) -> None:
    assert any(one.category == key for one in recordings().values())

    others = [one for one in recordings().values() if key in one.looks_like]
    assert others
    assert all(categorise(one.symptom).key != key for one in others)


def test_every_category_says_what_it_is_and_what_to_do() -> None:
    assert all(rule.title and rule.meaning and rule.advice and rule.example for rule in rules())
    assert all((rule.documentation or "https://").startswith("https://") for rule in rules())


def test_keys_titles_and_ranks_are_unique_and_the_last_rule_takes_the_rest() -> None:
    found = rules()

    for values in ([r.key for r in found], [r.title for r in found], [r.rank for r in found]):
        assert len(set(values)) == len(values)
    assert found[-1].key == "unexplained"


def test_what_no_rule_knows_is_unexplained() -> None:
    failure = failure_with("the moon is in the wrong phase", "lunar.MoonError")

    assert categorise(symptom_of_result(TestResult("t", "t", "failed", "call"), failure)).key == "unexplained"


@pytest.mark.parametrize(
    ("outcome", "reason", "key"),
    [
        ("timed_out", "timed out after 30 s in call", "timed-out"),
        ("crashed", "exited with 3", "crashed"),
        ("crashed", "crashed: SIGSEGV", "crashed"),
        ("crashed", "memory limit 2 GiB", "out-of-memory"),
    ],
)
def test_an_outcome_without_an_exception_has_a_category(outcome: str, reason: str, key: str) -> None:
    result = TestResult("t", "t", outcome, "call", reason=reason)  # type: ignore[arg-type]

    assert categorise(symptom_of_result(result, None)).key == key


@pytest.mark.parametrize(
    ("message", "key"),
    [
        ("feature 'signal_blending' is switched off", "configuration"),
        ("the environment variable TRADING_URL is not set", "configuration"),
        ("the order was removed from the book", "assertion-value"),
        ("the feature list is empty", "assertion-value"),
    ],
)
def test_a_switch_or_setting_is_told_by_its_words_and_not_by_a_single_one(message: str, key: str) -> None:
    symptom = symptom_of_result(TestResult("t", "t", "failed", "call"), failure_with(message))

    assert categorise(symptom).key == key


@pytest.mark.parametrize(
    ("message", "key"),
    [
        ("assert {naive} == {aware}", "datetime"),
        ("assert {aware} == {naive}", "datetime"),
        ("assert [1, 2] == [3]\n  \n  At index 0 diff: {naive} != {aware}", "datetime"),
        ("assert None is datetime.timezone.utc\n +  where None = {naive}.tzinfo", "datetime"),
        ("assert {naive} == {naive}", "assertion-value"),
        ("assert {aware} == {aware}", "assertion-value"),
        ("assert [{naive}, 1] == [{aware}]", "assertion-collection"),
    ],
)
def test_a_time_without_zone_beside_one_with_a_zone_is_told_from_two_different_times(message: str, key: str) -> None:
    naive, aware = "datetime.datetime(2026, 3, 4, 2, 0)", "datetime.datetime(2026, 3, 4, tzinfo=datetime.timezone.utc)"
    failure = failure_with(message.format(naive=naive, aware=aware))

    assert categorise(symptom_of_result(TestResult("t", "t", "failed", "call"), failure)).key == key


@pytest.mark.parametrize(
    ("message", "key"),
    [
        ("assert {'detail': 'Not Found'} == {'id': 1}", "route-missing"),
        (
            (
                "assert {'detail': 'M... Not Allowed'} == {'id': 1}\n"
                "  Left contains 1 more item:\n  {'detail': 'Method Not Allowed'}"
            ),
            "route-missing",
        ),
        ("assert {'id': 1} == {'detail': 'Not Found'}", "assertion-collection"),
        ("assert {'detail': 'No such order'} == {'id': 1}", "assertion-collection"),
    ],
)
def test_the_body_that_a_framework_answers_with_where_no_route_matches_tells_it(message: str, key: str) -> None:
    result = TestResult("t", "t", "failed", "call")

    assert categorise(symptom_of_result(result, failure_with(message))).key == key
