"""A trial of a random sample of the tests, for when there is no time for all of them.

https://www.itl.nist.gov/div898/handbook/prc/section2/prc241.htm
"""

from __future__ import annotations

import random
import time
from collections.abc import Collection, Sequence
from math import sqrt

from kit.facts.fixes import FixOption, Trial
from kit.facts.outcomes import BAD
from kit.fixes.trials.compare import RunOutcomes, compare, verdict_of
from kit.fixes.trials.settling import flaky_of
from kit.fixes.trials.trial_copy import TrialCopy

#: of the normal distribution, for an interval that contains the value in 95 of 100 cases
_Z = 1.959964


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The Wilson interval (95 %) of a share of which a sample of ``of`` had ``hits``; ``of`` is at least 1."""
    share, square = hits / of, _Z * _Z / of
    middle = (share + square / 2) / (1 + square)
    half = _Z / (1 + square) * sqrt(share * (1 - share) / of + square / (4 * of))
    # at the ends rounding would leave out 0 or 1 themselves
    return (max(0.0, middle - half) if hits else 0.0), (min(1.0, middle + half) if hits < of else 1.0)


def choose_sample(tests: Collection[str], size: int, seed: int) -> frozenset[str]:
    """``size`` of the tests, each with the same chance; the same ones for the same seed and tests."""
    ordered = sorted(tests)
    chance = random.Random(seed)  # noqa: S311  # nothing secret hangs on it
    return frozenset(chance.sample(ordered, min(size, len(ordered))))


def sampled_trial(
    copy: TrialCopy, before: RunOutcomes, applied: Sequence[FixOption], *, size: int, seed: int, limit_s: float
) -> Trial:
    """Run a random sample of all tests in the copy, in which these options are applied, and compare those tests alone
    with the state ``before``. ``interval`` is that of the share of blocked tests which pass. Raises nothing.
    """
    began = time.monotonic()
    options = tuple(option.id for option in applied)
    suite = copy.run(lambda collected: choose_sample(collected, size, seed), limit_s=limit_s)
    if suite.problem and not suite.tests:
        seconds = round(time.monotonic() - began, 2)
        return Trial(options, "DID_NOT_START", "sampled", None, problem=suite.problem, seconds=seconds)
    ran = frozenset(result.nodeid for result in suite.results if result.outcome != "not_run")
    after = copy.explain(suite, copy.read()).state.only(ran)
    was = before.only(ran)
    flaky = flaky_of(copy, compare(was, after).broken, applied, until=began + limit_s)
    found = compare(was, after.passing(flaky))
    blocked = [test for test, outcome in was.outcomes.items() if outcome in BAD]
    return Trial(
        options=options,
        verdict=verdict_of(found, blocked),
        measured="sampled",
        comparison=found,
        tests_run=len(ran),
        tests_of=len(suite.tests),
        interval=wilson(len(found.unlocked), len(blocked)) if blocked else None,
        flaky=tuple(sorted(flaky)),
        seconds=round(time.monotonic() - began, 2),
    )


def sentence_of(trial: Trial) -> str:
    """What a sample has shown: how many were run, of how many, and between which shares the whole lies."""
    found = trial.comparison
    if found is None:
        return f"A sampled trial did not start: {trial.problem}"
    start = f"Sampled: {trial.tests_run:,} of {trial.tests_of:,} tests were run with all fixes"
    if trial.interval is None:
        return f"{start}; none of them was blocked before, and {len(found.broken):,} broke."
    low, high = (f"{share:.1%}" for share in trial.interval)
    blocked = len(found.unlocked) + sum(found.unmasked.values()) + found.still_failing
    return (
        f"{start}; {len(found.unlocked):,} of the {blocked:,} blocked ones among them pass and {len(found.broken):,} "
        f"broke. Of all blocked tests, between {low} and {high} pass (Wilson interval, 95 %)."
    )
