"""Canaries: one test for each file and kind of failure, which stands for all tests that failed there like it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kit.fixes.trials.compare import State


@dataclass(frozen=True)
class Canaries:
    """``stands_for`` are the tests that each canary stands for, itself among them."""

    stands_for: Mapping[str, tuple[str, ...]]

    def choose(self, collected: Sequence[str]) -> Collection[str]:
        """The tests to run of a suite as it is collected now: the canaries, and of what is new one of each function."""
        known = {test for tests in self.stands_for.values() for test in tests}
        return {*self.stands_for, *_one_of_each(test for test in collected if test not in known)}

    def project(self, measured: State, collected: Collection[str]) -> State:
        """The state of the whole suite, as far as the canaries show it: each test is as its canary is. Tests that are
        new are as the one of their function that ran.
        """
        canary = {test: one for one, tests in self.stands_for.items() for test in tests}
        new = [test for test in collected if test not in canary]
        of_function = {_function(test): test for test in _one_of_each(new)}
        canary |= {test: of_function[_function(test)] for test in new}
        shown = {test: canary[test] for test in collected if canary[test] in measured.outcomes}
        return State(
            {test: measured.outcomes[one] for test, one in shown.items()},
            {test: measured.causes[one] for test, one in shown.items() if one in measured.causes},
        )


def choose_canaries(state: State, kind_of: Mapping[str, str]) -> Canaries:
    """One canary for each test file and kind of failure (``kind_of``: by test, a group or a cause), and one for the
    passing tests of each file.
    """
    sets: dict[tuple[str, str], list[str]] = {}
    for test in state.outcomes:
        sets.setdefault((_file(test), kind_of.get(test, state.outcomes[test])), []).append(test)
    return Canaries({tests[0]: tuple(tests) for tests in sets.values()})


def _one_of_each(tests: object) -> list[str]:
    found: dict[str, str] = {}
    for test in tests:  # type: ignore[attr-defined]
        found.setdefault(_function(test), test)
    return list(found.values())


def _file(nodeid: str) -> str:
    return nodeid.partition("::")[0]


def _function(nodeid: str) -> str:
    """A node id without its parameters."""
    return nodeid.partition("[")[0]
