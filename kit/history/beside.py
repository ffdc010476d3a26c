"""A failing test beside one of the same function that passes: the first variable that differs."""

from __future__ import annotations

from kit.facts.history import VariableDifference
from kit.facts.outcomes import FINE
from kit.facts.suite import SuiteFacts, TestResult
from kit.facts.target import Target
from kit.fixes import TrialCopy
from kit.history.variables import beside_another, trace_test
from kit.suite import RunOptions


def passing_beside(suite: SuiteFacts, failing: TestResult) -> str:
    """The nearest passing test of the same function, with other parameters; empty where there is none."""
    function = failing.nodeid.partition("[")[0]
    siblings = [one for one in suite.results if one.nodeid.partition("[")[0] == function]
    place = next((at for at, one in enumerate(siblings) if one.nodeid == failing.nodeid), 0)
    passing = [at for at, one in enumerate(siblings) if one.outcome in FINE and one.outcome != "skipped"]
    return siblings[min(passing, key=lambda at: abs(at - place))].nodeid if passing else ""


def first_beside(target: Target, options: RunOptions, failing: str, passing: str) -> VariableDifference | None:
    """Run both tests in a scratch copy of the tree as it is now; ``None`` where they do not end differently."""
    with TrialCopy(target, options) as copy:
        bad, good, again = (trace_test(copy, test) for test in (failing, passing, passing))
    if bad is None or good is None or again is None or bad.outcome == good.outcome:
        return None
    return beside_another(bad.steps, good.steps, again.steps, passing)
