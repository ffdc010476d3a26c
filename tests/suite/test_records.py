"""What is recorded beside outcomes: marks, warnings, how long each phase took, and who ran it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit.facts.suite import TestWarning
from tests.suite.conftest import Run

pytestmark = pytest.mark.slow

NOISY = {
    "conftest.py": "import warnings\n\nwarnings.warn('at the very start', FutureWarning)\n",
    "test_a.py": """
        import warnings
        import pytest

        pytestmark = pytest.mark.slow

        @pytest.mark.parametrize("number", range(30))
        def test_warns(number):
            warnings.warn("token=sk-abcdefghijklmnop1234 is old", DeprecationWarning)

        @pytest.mark.usefixtures("tmp_path")
        def test_warns_elsewhere():
            warnings.warn("once")
    """,
    "pytest.ini": "[pytest]\nmarkers =\n    slow: takes long\n",
}


@pytest.mark.parametrize("isolation", ["fork", "process"])
def test_each_distinct_warning_is_recorded_once_with_its_count(run: Run, isolation: str, tmp_path: Path) -> None:
    facts = run(NOISY, isolation=isolation)

    by_category = {warning.category: warning for warning in facts.warnings}
    old = by_category["DeprecationWarning"]
    assert (old.count, old.path, old.line) == (30, "test_a.py", 8)
    assert str(old.nodeid).startswith("test_a.py::test_warns[")
    assert "sk-abcdef" not in old.message
    assert by_category["UserWarning"] == TestWarning(
        "UserWarning", "once", "test_a.py", 12, "test_a.py::test_warns_elsewhere"
    )
    events = (tmp_path / "events.jsonl").read_text().count('"kind":"warning"')
    assert events <= 8


def test_a_warning_outside_of_tests_names_none(run: Run) -> None:
    facts = run(NOISY)

    (early,) = (warning for warning in facts.warnings if warning.category == "FutureWarning")
    assert (early.message, early.path, early.nodeid) == ("at the very start", "conftest.py", None)


def test_warnings_that_are_errors_stay_errors(run: Run) -> None:
    facts = run(
        {**NOISY, "pytest.ini": "[pytest]\nfilterwarnings = error\nmarkers =\n    slow: s\n", "conftest.py": ""}
    )

    assert facts.accounting.failed == 31


def test_a_warning_that_cannot_be_printed_does_no_harm(run: Run) -> None:
    odd = """
        import warnings

        class Odd(UserWarning):
            def __str__(self):
                raise RuntimeError("no text")

        def test_odd():
            warnings.warn(Odd())
    """
    assert run({"test_a.py": odd}).accounting.collected == 1


def test_marks_are_recorded_with_the_test(run: Run) -> None:
    markers = {test.nodeid.rpartition("::")[2]: test.markers for test in run(NOISY).tests}

    assert markers["test_warns[0]"] == ("parametrize", "slow")
    assert markers["test_warns_elsewhere"] == ("usefixtures", "slow")


def test_each_result_tells_who_ran_it_and_how_long_its_phases_took(run: Run, tmp_path: Path) -> None:
    slow = "import time, pytest\n\n@pytest.fixture\ndef late():\n    time.sleep(0.2)\n\ndef test_a(late):\n    pass\n"
    run({"test_a.py": slow})
    (event,) = (
        event
        for line in (tmp_path / "events.jsonl").read_text().splitlines()
        if (event := json.loads(line))["kind"] == "finished"
    )

    setup, call, teardown = event["phases"]
    assert setup >= 0.2 > call
    assert teardown < 0.2
    assert event["worker"] in (1, 2)
