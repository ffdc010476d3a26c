"""Canaries: one test for each file and kind of failure, which stands for all tests that failed there like it.

Parameter sets of a test that end differently, or of different causes, have canaries of their own. Two functions that
failed alike have not, until an option is looked at closely: one of them may pass with it, and the other not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from kit.fixes.trials.compare import RunOutcomes


@dataclass(frozen=True)
class Canaries:
    """``stands_for`` are the tests that each canary stands for, itself among them; ``assumed`` are those that are not
    run and count as before.
    """

    stands_for: Mapping[str, tuple[str, ...]]
    assumed: RunOutcomes = field(default_factory=lambda: RunOutcomes({}, {}))

    def choose(self, collected: Sequence[str]) -> Collection[str]:
        """The tests to run of a suite as it is collected now: the canaries, and of what is new one of each function."""
        known = {test for tests in self.stands_for.values() for test in tests} | set(self.assumed.outcomes)
        return {*self.stands_for, *_one_of_each(test for test in collected if test not in known)}

    def project(self, measured: RunOutcomes, collected: Collection[str]) -> RunOutcomes:
        """The state of the whole suite, as far as the canaries show it: each test is as its canary is. Tests that are
        new are as the one of their function that ran.
        """
        canary = {test: one for one, tests in self.stands_for.items() for test in tests}
        new = [test for test in collected if test not in canary and test not in self.assumed.outcomes]
        of_function = {_function(test): test for test in _one_of_each(new)}
        canary |= {test: of_function[_function(test)] for test in new}
        shown = {test: canary[test] for test in collected if canary.get(test) in measured.outcomes}
        there = {test: outcome for test, outcome in self.assumed.outcomes.items() if test in frozenset(collected)}
        return RunOutcomes(
            there | {test: measured.outcomes[one] for test, one in shown.items()},
            {test: self.assumed.causes[test] for test in there if test in self.assumed.causes}
            | {test: measured.causes[one] for test, one in shown.items() if one in measured.causes},
        )


def choose_canaries(
    state: RunOutcomes, kind_of: Mapping[str, str], *, closely: Collection[str] = (), left_out: Collection[str] = ()
) -> Canaries:
    """One canary for each test file and kind of failure (``kind_of``: by test, a group or a cause), and one for the
    passing tests of each file; in the files that are looked at ``closely``, for each test function instead.

    The sets that hold a test of ``left_out`` are not run, and count as before: a test that hangs would hold up each
    trial of something else.
    """
    sets: dict[tuple[str, str], list[str]] = {}
    for test in state.outcomes:
        place = _function(test) if file_of(test) in closely else file_of(test)
        sets.setdefault((place, kind_of.get(test, state.outcomes[test])), []).append(test)
    run = {tests[0]: tuple(tests) for tests in sets.values() if not set(left_out).intersection(tests)}
    known = {test for tests in run.values() for test in tests}
    assumed = {test: outcome for test, outcome in state.outcomes.items() if test not in known}
    return Canaries(run, RunOutcomes(assumed, {test: state.causes[test] for test in assumed if test in state.causes}))


def _one_of_each(tests: object) -> list[str]:
    found: dict[str, str] = {}
    for test in tests:  # type: ignore[attr-defined]
        found.setdefault(_function(test), test)
    return list(found.values())


def file_of(nodeid: str) -> str:
    """The test file of a node id, as the node id has it."""
    return nodeid.partition("::")[0]


def _function(nodeid: str) -> str:
    """A node id without its parameters."""
    return nodeid.partition("[")[0]
