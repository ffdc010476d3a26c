"""Tests that pytest refuses after a fixture has failed belong to the cause of that, also where they ask for it late."""

from __future__ import annotations

from dataclasses import replace

from kit.facts.failures import Failure
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with

NOT_AWAITED = failure_with(
    "'test_first' requested an async fixture 'stock', with no plugin or hook that handled it.",
    "Failed",
    phase="setup",
    fixture="stock",
)
ASSERTED = failure_with("raised in _pytest/fixtures.py, execute", phase="setup")


def blocked_where_asked_by(*asking: str) -> list[set[str]]:
    """The tests of each cause, where these ask for the fixture by name."""
    failing: dict[str, Failure] = {"a.py::first": NOT_AWAITED, "b.py::asked": ASSERTED, "b.py::late": ASSERTED}
    facts = suite([result(test, failure) for test, failure in failing.items()], [NOT_AWAITED, ASSERTED])
    tests = tuple(replace(one, fixtures=("stock",) if one.nodeid in asking else ()) for one in facts.tests)
    return [set(cause.tests) for cause in causes_of(replace(facts, tests=tests))]


def test_one_beside_a_test_that_asks_for_the_fixture_by_name_is_of_its_cause() -> None:
    assert blocked_where_asked_by("a.py::first", "b.py::asked") == [{"a.py::first", "b.py::asked", "b.py::late"}]


def test_those_of_a_file_in_which_none_asks_for_it_are_not() -> None:
    assert sorted(blocked_where_asked_by("a.py::first"), key=len) == [{"a.py::first"}, {"b.py::asked", "b.py::late"}]
