"""A trial of one option: which tests it runs, and that it ends with the budget."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from kit.facts.fixes import FixOption
from kit.fixes.patching.diff import Edit, make_patch
from kit.fixes.trials.copy_state import step_of
from kit.fixes.trials.trial_copy import TrialCopy
from kit.fixes.trials.trying import Trying
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


THREE = """
import {module}


def test_one():
    assert {module}.VALUE


def test_two():
    assert {module}.VALUE == {wanted}


def test_three():
    assert True
"""


@pytest.mark.slow
def test_the_closer_look_runs_each_function_of_the_tests_that_reach_a_change(tmp_path: Path) -> None:
    app = write_project(
        tmp_path / "app",
        {
            "shop.py": "VALUE = 1\n",
            "through.py": "from shop import VALUE\n",
            "other.py": "VALUE = 1\n",
            "tests/test_a.py": THREE.format(module="through", wanted=2),
            "tests/test_b.py": THREE.format(module="other", wanted=1),
            "pytest.ini": "[pytest]\npythonpath = .\n",
        },
    )
    option = FixOption("o", "c:c", "k", "", "", make_patch([Edit("shop.py", "VALUE = 1\n", "VALUE = 2\n")]))
    option = replace(option, files=("shop.py",))
    with TrialCopy(find_target(app), RunOptions(workers=1)) as copy:
        facts = copy.read()
        first = copy.explain(copy.run(), facts)
        trying = Trying(
            copy, cause("c", "c", "shop.py:1", tests=("tests/test_a.py::test_two",)), step_of(first, facts), ()
        )
        trial = trying.measure(option)
        kept, after = trying.keep(option)

    assert (trial.tests_run, kept.tests_run) == (3, 4)
    assert kept.comparison is not None
    assert (kept.comparison.unlocked, kept.comparison.broken) == (("tests/test_a.py::test_two",), ())
    assert after is not None


@pytest.mark.slow
def test_an_option_that_a_closer_look_finds_without_effect_is_taken_back(tmp_path: Path) -> None:
    files = {"shop.py": "VALUE = 1\n", "tests/test_a.py": THREE.format(module="shop", wanted=2)}
    app = write_project(tmp_path / "app", {**files, "pytest.ini": "[pytest]\npythonpath = .\n"})
    option = FixOption("o", "c:c", "k", "", "", make_patch([Edit("shop.py", "VALUE = 1\n", "VALUE = 3\n")]))
    with TrialCopy(find_target(app), RunOptions(workers=1)) as copy:
        facts = copy.read()
        first = copy.explain(copy.run(), facts)
        named = cause("c", "c", "shop.py:1", tests=("tests/test_a.py::test_two",))
        kept, after = Trying(copy, named, step_of(first, facts), ()).keep(option)
        text = (copy.root / "shop.py").read_text()

    assert kept.comparison is not None
    assert not kept.comparison.broken
    assert (after, text) == (None, "VALUE = 1\n")
