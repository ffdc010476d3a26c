"""Every test passes and plain pytest's session fails: the end of the session is a cause of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.facts.ending import FailedEnd
from tests.causes.scenes import causes_of, result, suite

HOOK = FailedEnd(
    7, "exit-code", "pytest_sessionfinish sets the exit code to 7", "pytest_sessionfinish", "conftest.py", 4
)
PASSED = suite([result("tests/test_a.py::test_a")])


def test_a_session_that_ends_well_has_no_such_cause() -> None:
    assert not causes_of(PASSED)


def test_the_end_is_a_confirmed_cause_at_its_hook_that_blocks_no_test() -> None:
    (cause,) = causes_of(replace(PASSED, failed_end=HOOK))

    assert (cause.id, cause.state, cause.tests_blocked) == (
        "session-end:exit-code:pytest_sessionfinish", "confirmed", 0,
    )  # fmt: skip
    assert [str(place) for place in cause.locations] == ["conftest.py:4"]
    assert "Of 1 test none failed. A plain run, with the configuration as it is, exits with 7" in cause.evidence[0].text


@pytest.mark.parametrize(
    ("end", "advice"),
    [
        (HOOK, "See why pytest_sessionfinish makes the run fail (conftest.py:4)"),
        (
            FailedEnd(1, "raised", "KeyError: 'x'", "KeyError", "conftest.py", 9),
            "Correct the hook that raises KeyError",
        ),
        (
            FailedEnd(1, "coverage", "62.50 % of the lines are covered, 90 % are required", "--cov-fail-under"),
            "Test the lines that no test runs, or lower --cov-fail-under",
        ),
        (FailedEnd(3, "exit-code", "pytest exits with 3, and no test fails"), "See why a plugin makes the run fail"),
    ],
)
def test_the_advice_fits_what_makes_the_session_fail(end: FailedEnd, advice: str) -> None:
    (cause,) = causes_of(replace(PASSED, failed_end=end))

    assert str(cause.next_step).startswith(advice)
    assert str(cause.next_step).endswith("python -m pytest")
