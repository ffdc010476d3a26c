"""Stage 5: try the fix options of the causes in a scratch copy, and measure what each does."""

from __future__ import annotations

import time
from collections.abc import Callable

from kit.facts.case import CaseFacts
from kit.facts.fixes import FixFacts
from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.failures import Rule
from kit.fixes import Explained, Peeling, TrialCopy, full_trial
from kit.suite import RunOptions

#: the final trial runs every test; it is left out where less than this much of the budget is left, in seconds
_LEAST_S = 5.0


def try_fixes(
    target: Target,
    recorded: CaseFacts,
    options: RunOptions,
    *,
    budget_s: float,
    categories: tuple[Rule, ...],
    say: Callable[[str], None],
    save: Callable[[FixFacts], None],
) -> FixFacts:
    """Peel the causes of a case one after the other, then run the whole suite with all fixes that were kept.

    ``save`` gets what is known so far whenever something was measured, so that an interrupted trial loses nothing.
    """
    if recorded.inventory is None or recorded.suite is None or recorded.causes is None or recorded.grouping is None:
        return FixFacts(problems=("No fix was tried: the suite was not run, or its failures were not explained.",))
    if budget_s <= 0:
        return FixFacts(problems=("No fix was tried: the budget for trials is 0.",))
    until = time.monotonic() + budget_s
    first = Explained(recorded.suite, recorded.grouping, recorded.causes)
    with TrialCopy(target, options, categories) as copy:
        peeling = Peeling(copy, until, say, save)
        facts = peeling.run(first, recorded.inventory)
        left = until - time.monotonic()
        if facts.layers and left > max(_LEAST_S, _expected_s(recorded.suite)):
            say(f"all {len(facts.layers)} fixes together, every test")
            facts = peeling.add(full_trial(copy, first.state, peeling.applied, limit_s=left))
        elif facts.layers:
            facts = peeling.note("The final trial of every test was left out: the budget for trials was too small.")
    save(facts)
    return facts


def _expected_s(suite: SuiteFacts) -> float:
    """How long the run of the case took; with fixes more tests finish, so it is a lower bound."""
    return suite.seconds or 0.0
