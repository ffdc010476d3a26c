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
