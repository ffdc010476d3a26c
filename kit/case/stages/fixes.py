"""Stage 5: try the fix options of the causes in a scratch copy, and measure what each does."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from kit.facts.case import CaseFacts
from kit.facts.fixes import FixFacts
from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.failures import Rule
from kit.fixes import Explained, Peeling, TrialCopy, sampled_trial, sentence_of
from kit.suite import RunOptions

#: the final trial runs every test; it is left out where less than this much of the budget is left, in seconds
_LEAST_S = 5.0
#: a sample of fewer tests says next to nothing: its interval is wider than 20 points
_SMALLEST_SAMPLE, _LARGEST_SAMPLE = 100, 1000
_SHARE_FOR_TESTS = 0.5
#: the same sample in each run, so that two runs can be compared
_SEED = 1


def try_fixes(
    target: Target,
    recorded: CaseFacts,
    options: RunOptions,
    *,
    budget_s: float,
    categories: tuple[Rule, ...],
    say: Callable[[str], None],
    save: Callable[[FixFacts], None],
    interrupted: FixFacts | None = None,
) -> FixFacts:
    """Peel the causes of a case one after the other, then run the whole suite with all fixes that were kept. This run
    can show further causes: they are peeled too.

    ``save`` gets what is known so far whenever something was measured, so that an interrupted trial loses nothing:
    ``interrupted`` is what an attempt that did not finish has measured. Tests that were seen to share a file or a
    database run one after the other.
    """
    if recorded.inventory is None or recorded.suite is None or recorded.causes is None or recorded.grouping is None:
        return FixFacts(problems=("No fix was tried: the suite was not run, or its failures were not explained.",))
    if budget_s <= 0:
        return FixFacts(problems=("No fix was tried: the budget for trials is 0.",))
    until = time.monotonic() + budget_s
    if recorded.suite.shares:  # in parallel, its tests would break each other, and not the fix
        options = replace(options, workers=1, extra_workers=0)
    first = Explained(recorded.suite, recorded.grouping, recorded.causes)
    with TrialCopy(target, options, categories) as copy:
        peeling = Peeling(copy, until, say, save)
        inventory = recorded.inventory
        facts = peeling.go_on(interrupted, first, inventory) if interrupted else peeling.run(first, inventory)
        measured = 0
        while measured < len(peeling.layers):  # what every test shows can lead to further fixes
            measured = len(peeling.layers)
            facts = _final(peeling, first, recorded.suite, until, say)
    save(facts)
    return facts


def _final(peeling: Peeling, first: Explained, suite: SuiteFacts, until: float, say: Callable[[str], None]) -> FixFacts:
    """All fixes together: every test where the budget allows it, else a random sample, else a sentence."""
    left, number = until - time.monotonic(), len(peeling.layers)
    if left > max(_LEAST_S, _expected_s(suite)):
        say(f"all {number} fixes together, every test")
        trial = peeling.finish(first.state)
        why = "the budget for trials was spent" if time.monotonic() >= until else trial.problem
        return peeling.facts if trial.comparison else peeling.note(f"The final trial of every test was ended: {why}.")
    peeling.note("The final trial of every test was left out: the budget for trials was too small.")
    size = sample_size(suite, left)
    if size < _SMALLEST_SAMPLE:
        return peeling.facts
    say(f"all {number} fixes together, a sample of {size:,} tests")
    trial = sampled_trial(peeling.copy, first.state, peeling.applied, size=size, seed=_SEED, limit_s=left)
    peeling.add(trial)
    return peeling.note(sentence_of(trial))


def sample_size(suite: SuiteFacts, left_s: float) -> int:
    """How many tests the time that is left is enough for, at the seconds that one took. Collecting needs time too."""
    each = _expected_s(suite) / max(1, len(suite.tests))
    return min(_LARGEST_SAMPLE, int(left_s * _SHARE_FOR_TESTS / each)) if each and left_s > _LEAST_S else 0


def _expected_s(suite: SuiteFacts) -> float:
    """How long the run of the case took; with fixes more tests finish, so it is a lower bound."""
    return suite.seconds or 0.0
