"""Both states are run a second time before a test counts as broken."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from kit.facts.fixes import FixOption
from kit.facts.outcomes import BAD, FINE, Outcome
from kit.fixes.trials.trial_copy import TrialCopy


def flaky_of(
    copy: TrialCopy, suspects: Sequence[str], applied: Sequence[FixOption], *, until: float | None = None
) -> frozenset[str]:
    """The suspects that pass with the fixes when they are run again, or fail without them: their change is by chance.
    One that does not run again shows nothing, and stays a suspect.

    ``applied`` are the options to take back for the state before; the copy has them again afterwards. Nothing runs
    after the moment ``until`` of :func:`time.monotonic`.
    """
    if not suspects:
        return frozenset()
    with_fixes = outcomes_again(copy, suspects, until)
    passed_now = {test for test, outcome in with_fixes.items() if outcome in FINE}
    again = set(suspects) - passed_now
    if not applied or not again:  # without options the state before is not at hand any more
        return frozenset(passed_now)
    taken_back: list[FixOption] = []
    try:
        for option in reversed(applied):
            copy.apply(option.patch, reverse=True)
            taken_back.append(option)
        without = outcomes_again(copy, sorted(again), until)
    finally:
        for option in reversed(taken_back):
            copy.apply(option.patch)
    return frozenset(passed_now | {test for test, outcome in without.items() if outcome in BAD})


def outcomes_again(copy: TrialCopy, tests: Sequence[str], until: float | None = None) -> Mapping[str, Outcome]:
    """What these tests do when they are run now; without those that the run does not reach before ``until``."""
    left = None if until is None else until - time.monotonic()
    if left is not None and left <= 0:
        return {}
    wanted = frozenset(tests)
    suite = copy.run(lambda collected: wanted.intersection(collected), limit_s=left)
    return {result.nodeid: result.outcome for result in suite.results if result.nodeid in wanted}
