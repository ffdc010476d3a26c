"""A trial of one option ends with the budget, and says so."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kit.facts.fixes import FixOption
from kit.fixes.patching.diff import Edit, make_patch
from kit.fixes.trials.trial_copy import TrialCopy
from kit.fixes.trials.trying import Trying, step_of
from kit.suite import RunOptions
from kit.target import find_target
from tests.fixes.apps import cause
from tests.helpers import write_project

#: waits for minutes, but only with the fix
TESTS = """
import time

import shop


def test_value():
    if shop.VALUE == 2:
        time.sleep(600)
    assert shop.VALUE == 2
"""
TEST = "tests/test_a.py::test_value"


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0, 5])
def test_a_trial_that_outlasts_the_budget_has_a_problem_and_no_comparison(tmp_path: Path, seconds: float) -> None:
    app = write_project(
        tmp_path / "app",
        {"shop.py": "VALUE = 1\n", "tests/test_a.py": TESTS, "pytest.ini": "[pytest]\npythonpath = .\n"},
    )
    option = FixOption("o", "c:c", "k", "", "", make_patch([Edit("shop.py", "VALUE = 1\n", "VALUE = 2\n")]))
    with TrialCopy(find_target(app), RunOptions(workers=1)) as copy:
        facts = copy.read()
        first = copy.explain(copy.run(), facts)
        named = cause("c", "c", "shop.py:1", tests=(TEST,))
        trying = Trying(copy, named, step_of(first, facts), (), time.monotonic() + seconds)
        trial = trying.measure(option)
        kept, after = trying.keep(option)
        text = (copy.root / "shop.py").read_text()

    for one in (trial, kept):
        assert (one.verdict, one.comparison) == ("DID_NOT_START", None)
        assert one.problem == "The budget for trials was spent before its tests had run."
    assert (after, text) == (None, "VALUE = 1\n")
