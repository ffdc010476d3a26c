"""A canary stands for the tests of its file that failed like it."""

from __future__ import annotations

from kit.facts.outcomes import Outcome
from kit.fixes.trials.canaries import choose_canaries
from kit.fixes.trials.compare import RunOutcomes

OUTCOMES: dict[str, Outcome] = {
    "a.py::one[1]": "error",
    "a.py::one[2]": "error",
    "a.py::two": "failed",
    "a.py::fine": "passed",
    "a.py::good": "passed",
    "b.py::one": "error",
}
KINDS = {"a.py::one[1]": "index", "a.py::one[2]": "index", "a.py::two": "other", "b.py::one": "index"}


def test_there_is_one_for_each_file_and_kind_of_failure_and_one_for_what_passes() -> None:
    canaries = choose_canaries(RunOutcomes(OUTCOMES, KINDS), KINDS)

    assert list(canaries.stands_for) == ["a.py::one[1]", "a.py::two", "a.py::fine", "b.py::one"]
    assert canaries.stands_for["a.py::one[1]"] == ("a.py::one[1]", "a.py::one[2]")


def test_of_new_tests_one_of_each_function_is_run() -> None:
    canaries = choose_canaries(RunOutcomes(OUTCOMES, KINDS), KINDS)

    chosen = canaries.choose([*OUTCOMES, "c.py::new[x]", "c.py::new[y]", "c.py::other"])

    assert set(chosen) - set(canaries.stands_for) == {"c.py::new[x]", "c.py::other"}


def test_every_collected_test_is_as_its_canary_is() -> None:
    canaries = choose_canaries(RunOutcomes(OUTCOMES, KINDS), KINDS)
    measured = RunOutcomes(
        {"a.py::one[1]": "passed", "a.py::two": "failed", "a.py::fine": "passed", "c.py::new[x]": "error"},
        {"a.py::two": "other", "c.py::new[x]": "later"},
    )
    collected = [test for test in OUTCOMES if test != "b.py::one"] + ["c.py::new[x]", "c.py::new[y]"]

    state = canaries.project(measured, collected)

    assert state.outcomes["a.py::one[2]"] == "passed"
    assert state.outcomes["c.py::new[y]"] == "error"
    assert state.causes == {"a.py::two": "other", "c.py::new[x]": "later", "c.py::new[y]": "later"}
    assert set(state.outcomes) == set(collected)


def test_in_files_that_are_looked_at_closely_there_is_one_for_each_function() -> None:
    canaries = choose_canaries(RunOutcomes(OUTCOMES, KINDS), KINDS, closely={"a.py"})

    assert list(canaries.stands_for) == ["a.py::one[1]", "a.py::two", "a.py::fine", "a.py::good", "b.py::one"]
