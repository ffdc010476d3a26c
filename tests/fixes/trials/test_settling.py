"""Both states are run twice before a test counts as broken."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any, cast

import pytest

from kit.facts.fixes import FixOption
from kit.facts.outcomes import Outcome
from kit.facts.suite import SuiteFacts, TestResult
from kit.fixes.patching.diff import Edit, make_patch
from kit.fixes.trials.settling import flaky_of
from kit.fixes.trials.trial_copy import TrialCopy
from kit.fixes.trials.trying import Trying, step_of
from kit.suite import RunOptions
from kit.target import find_target
from tests.fixes.apps import cause
from tests.helpers import write_project

FIRST, SECOND = (FixOption(name, "c", "k", "", "", patch=name) for name in ("first", "second"))


class Scripted:
    """A copy whose runs are known beforehand; it notes what is done to it."""

    def __init__(self, *failing: set[str]) -> None:
        self._failing, self.done = list(failing), list[str]()

    def run(self, choose: Any) -> SuiteFacts:
        chosen: Collection[str] = choose(["a", "b", "c"])
        self.done.append(f"run {''.join(sorted(chosen))}")
        failing = self._failing.pop(0)
        outcomes: dict[str, Outcome] = {test: "failed" if test in failing else "passed" for test in chosen}
        return SuiteFacts(results=tuple(TestResult(test, "t.py", outcome) for test, outcome in outcomes.items()))

    def apply(self, patch: str, *, reverse: bool = False) -> None:
        self.done.append(f"{'-' if reverse else '+'}{patch}")


def settle(copy: Scripted, *suspects: str) -> frozenset[str]:
    return flaky_of(cast("TrialCopy", copy), suspects, [FIRST, SECOND])


def test_nothing_is_run_where_nothing_is_broken() -> None:
    assert settle(Scripted()) == frozenset()


def test_a_test_is_broken_when_it_fails_twice_with_the_fixes_and_passes_twice_without() -> None:
    copy = Scripted({"a", "b"}, {"b"})

    assert settle(copy, "a", "b", "c") == {"b", "c"}  # c passes now, b fails without the fixes as well
    assert copy.done == ["run abc", "-second", "-first", "run ab", "+first", "+second"]


def test_the_state_before_is_not_run_where_all_pass_again() -> None:
    copy = Scripted(set())

    assert settle(copy, "a") == {"a"}
    assert copy.done == ["run a"]


TESTS = """
from pathlib import Path

COUNT = Path({count!r})


def test_every_second_time():
    before = COUNT.read_text() if COUNT.exists() else ""
    COUNT.write_text(before + "x")
    assert len(before) % 2 == 0


def test_value():
    import shop
    assert shop.VALUE == 2
"""


@pytest.mark.slow
def test_a_canary_that_fails_by_chance_does_not_speak_against_an_option(tmp_path: Path) -> None:
    tests = TESTS.format(count=str(tmp_path / "count"))
    app = write_project(
        tmp_path / "app",
        {"shop.py": "VALUE = 1\n", "tests/test_a.py": tests, "pytest.ini": "[pytest]\npythonpath = .\n"},
    )
    option = FixOption("o", "c:c", "k", "", "", make_patch([Edit("shop.py", "VALUE = 1\n", "VALUE = 2\n")]))
    with TrialCopy(find_target(app), RunOptions(workers=1)) as copy:
        facts = copy.read()
        first = copy.explain(copy.run(), facts)
        named = cause("c", "c", "shop.py:1", tests=("tests/test_a.py::test_value",))
        trial = Trying(copy, named, step_of(first, facts), ()).measure(option)

    assert trial.comparison is not None
    assert (trial.verdict, trial.comparison.broken) == ("FULL", ())
    assert trial.flaky == ("tests/test_a.py::test_every_second_time",)
