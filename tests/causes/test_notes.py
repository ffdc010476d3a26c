"""A finding that blocks nothing is a note, and becomes a cause only where a test shows it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.facts.inventory import Finding
from tests.causes.scenes import causes_of, finding, inventory, result, suite
from tests.failures.live import failure_with

PASSED = suite([result("tests/test_a.py::test_a")])


def _finding(kind: str) -> Finding:
    return finding(kind, "ix_orders", "app/orders.py:7")


@pytest.mark.parametrize("kind", ["duplicate-index", "response-annotation", "double-import", "module-not-importable"])
def test_a_smell_that_no_test_shows_is_no_cause(kind: str) -> None:
    smell = replace(_finding(kind), severity="smell")
    assert not causes_of(PASSED, inventory(findings=[smell]))
    assert [cause.id for cause in causes_of(PASSED, inventory(findings=[_finding(kind)]))] == [smell.id]


def test_a_smell_that_a_test_shows_is_its_cause() -> None:
    failure = failure_with("index ix_orders already exists", "sqlite3.OperationalError")
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])
    smell = replace(_finding("duplicate-index"), severity="smell")
    (cause,) = causes_of(facts, inventory(findings=[smell]))
    assert cause.tests_blocked == 1
