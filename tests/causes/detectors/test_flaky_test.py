"""Tests that fail now and then."""

from __future__ import annotations

from kit.failures import group_failures
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with

CLASH = failure_with("UNIQUE constraint failed: users.name", "sqlite3.IntegrityError")


def test_they_have_a_category_and_no_defect_is_claimed() -> None:
    facts = suite([result(f"t.py::{n}", CLASH, alone="flaky") for n in range(2)], [CLASH])
    (cause,) = causes_of(facts)
    assert [category.key for category, _ in group_failures(facts).categories] == ["flaky"]
    assert (cause.kind, cause.state, cause.title) == ("flaky-test", "unknown", "2 tests fail now and then")


def test_one_that_always_fails_is_not_flaky() -> None:
    (cause,) = causes_of(suite([result("t.py::a", CLASH, alone="fails")], [CLASH]))
    assert cause.kind != "flaky-test"


def test_one_test_is_named_and_the_next_step_runs_it_again() -> None:
    (cause,) = causes_of(suite([result("tests/test_a.py::test_a", CLASH, alone="flaky")], [CLASH]))

    assert cause.title == "tests/test_a.py::test_a fails now and then"
    assert cause.next_step
    assert "tests/test_a.py::test_a" in cause.next_step.command


def test_flaky_tests_are_kept_apart_from_those_that_always_fail_in_the_same_way() -> None:
    results = [result("t.py::a", CLASH, alone="flaky"), result("t.py::b", CLASH, alone="fails")]

    causes = causes_of(suite(results, [CLASH]))

    assert {cause.kind: cause.tests for cause in causes}["flaky-test"] == ("t.py::a",)
    assert len(causes) == 2
