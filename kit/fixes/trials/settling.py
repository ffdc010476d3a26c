"""Both states are run a second time before a test counts as broken."""

from __future__ import annotations

from collections.abc import Sequence

from kit.facts.fixes import FixOption
from kit.facts.outcomes import BAD
from kit.fixes.trials.trial_copy import TrialCopy


def flaky_of(copy: TrialCopy, suspects: Sequence[str], applied: Sequence[FixOption]) -> frozenset[str]:
    """The suspects that pass with the fixes when they are run again, or fail without them: their change is by chance.

    ``applied`` are the options to take back for the state before; the copy has them again afterwards.
    """
    if not suspects:
        return frozenset()
    again = _bad(copy, suspects)
    passed_now = set(suspects) - again
    if not applied or not again:  # without options the state before is not at hand any more
        return frozenset(passed_now)
    taken_back: list[FixOption] = []
    try:
        for option in reversed(applied):
            copy.apply(option.patch, reverse=True)
            taken_back.append(option)
        fail_without = _bad(copy, sorted(again))
    finally:
        for option in reversed(taken_back):
            copy.apply(option.patch)
    return frozenset(passed_now | fail_without)


def _bad(copy: TrialCopy, tests: Sequence[str]) -> set[str]:
    """Which of these tests fail when they are run now."""
    wanted = frozenset(tests)
    suite = copy.run(lambda collected: wanted.intersection(collected))
    return {result.nodeid for result in suite.results if result.nodeid in wanted and result.outcome in BAD}
