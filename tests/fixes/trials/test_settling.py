"""Both states are run twice before a test counts as broken."""

from __future__ import annotations

import time
from collections.abc import Collection
from pathlib import Path
from typing import Any, cast

import pytest

from kit.facts.fixes import FixOption
from kit.facts.outcomes import Outcome
from kit.facts.suite import SuiteFacts, TestResult
from kit.fixes.patching.diff import Edit, make_patch
from kit.fixes.trials.copy_state import step_of
from kit.fixes.trials.settling import flaky_of
from kit.fixes.trials.trial_copy import TrialCopy
from kit.fixes.trials.trying import Trying
from kit.suite import RunOptions
from kit.target import find_target
from tests.fixes.apps import cause
from tests.helpers import write_project

FIRST, SECOND = (FixOption(name, "c", "k", "", "", patch=name) for name in ("first", "second"))


class Scripted:
    """A copy whose runs are known beforehand; it notes what is done to it."""

    def __init__(self, *failing: set[str], left_out: str = "", instead: Outcome | None = None) -> None:
        """The tests ``left_out`` do not run; they have no outcome, or the one of ``instead``."""
        self._failing, self.done, self.limits = list(failing), list[str](), list[float | None]()
        self._left_out, self._instead = left_out, instead

    def run(self, choose: Any, *, limit_s: float | None = None) -> SuiteFacts:
        self.limits.append(limit_s)
        chosen: Collection[str] = choose(["a", "b", "c"])
        self.done.append(f"run {''.join(sorted(chosen))}")
        failing = self._failing.pop(0)
        outcomes: dict[str, Outcome] = {test: "failed" if test in failing else "passed" for test in chosen}
        for test in self._left_out:
            del outcomes[test]
            outcomes |= {test: self._instead} if self._instead else {}
        return SuiteFacts(results=tuple(TestResult(test, "t.py", outcome) for test, outcome in outcomes.items()))

    def apply(self, patch: str, *, reverse: bool = False) -> None:
        self.done.append(f"{'-' if reverse else '+'}{patch}")


def settle(copy: Scripted, *suspects: str, until: float | None = None) -> frozenset[str]:
    return flaky_of(cast("TrialCopy", copy), suspects, [FIRST, SECOND], until=until)


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


@pytest.mark.parametrize("instead", [None, "not_run", "skipped"])
def test_what_does_not_run_again_stays_broken(instead: Outcome | None) -> None:
    assert settle(Scripted(set(), set(), left_out="a", instead=instead), "a", "b") == {"b"}


def test_nothing_runs_again_when_the_time_is_up() -> None:
    copy = Scripted({"a"}, set())

    assert settle(copy, "a", until=time.monotonic() + 100) == frozenset()
    assert all(limit is not None and 90 < limit <= 100 for limit in copy.limits)
    late = Scripted()
    assert (settle(late, "a", until=time.monotonic()), late.limits) == (frozenset(), [])


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
