"""Single failures without a name are one entry, where the list of causes is longer than a screen."""

from __future__ import annotations

from kit.facts.causes import Cause
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with, in_test

NAMED = failure_with("No module named 'redis'", "ModuleNotFoundError")


def _causes(single: int, *, together: int = 0) -> tuple[Cause, ...]:
    """Those of a suite in which so many tests fail each in its own way, ``together`` in one way, and three without a
    package.
    """
    frames = [(in_test(f"tests/test_{n}.py", 3, "test_it", "assert f()"),) for n in range(single)]
    each = [failure_with(f"the {chr(97 + n) * 4} must not be empty", frames=frames[n]) for n in range(single)]
    alike = failure_with("no such customer is known here")
    results = [result(f"tests/test_{n}.py::test_it", failure) for n, failure in enumerate(each)]
    results += [result(f"tests/test_p.py::test_{n}", NAMED) for n in range(3)]
    results += [result(f"tests/test_q.py::test_{n}", alike) for n in range(together)]
    return causes_of(suite(results, [*each, NAMED, alike]))


def test_a_short_list_is_left_as_it_is() -> None:
    assert len(_causes(9)) == 10


def test_a_long_list_ends_with_one_entry_for_all_single_failures() -> None:
    causes = _causes(20, together=2)

    assert [cause.tests_blocked for cause in causes] == [3, 2, 20]
    folded = causes[-1]
    assert folded.title == "20 tests fail each in its own way, with nothing in common that has a name"
    assert folded.state == "unknown"
    assert len(folded.groups) == len(set(folded.tests)) == 20
    assert len([item for item in folded.evidence if (item.anchor or "").startswith("#group-")]) == 20
    assert len(folded.locations) == 10


def test_every_test_still_counts_for_one_cause() -> None:
    causes = _causes(20)
    tests = [test for cause in causes for test in cause.tests]
    assert len(tests) == len(set(tests)) == 23


def test_what_has_a_name_is_never_folded() -> None:
    missing = [failure_with(f"No module named '{chr(97 + n) * 4}'", "ModuleNotFoundError") for n in range(12)]
    results = [result(f"tests/test_{n}.py::test_it", failure) for n, failure in enumerate(missing)]
    assert len(causes_of(suite(results, missing))) == 12
