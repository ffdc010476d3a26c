"""The final trial: every test, with all the fixes that peeling has kept, against the case's own run."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from kit.facts.fixes import FixOption, Trial
from kit.facts.outcomes import BAD
from kit.fixes.trials.compare import RunOutcomes, compare, verdict_of
from kit.fixes.trials.copy_state import CopyState, step_of
from kit.fixes.trials.settling import flaky_of
from kit.fixes.trials.trial_copy import OnEvent, TrialCopy


def full_trial(
    copy: TrialCopy,
    before: RunOutcomes,
    applied: Sequence[FixOption],
    *,
    limit_s: float,
    on_event: OnEvent | None = None,
) -> tuple[Trial, CopyState | None]:
    """Run the whole suite in the copy, in which these options are applied, and compare it with the state ``before``.
    The copy as it is then comes with the trial, unless no suite started.

    A test that passed before and fails now is run again in both states before it counts as broken: one that passes
    with the fixes, or fails without them, is flaky. Raises nothing; ``problem`` says what went wrong.
    """
    began = time.monotonic()
    options = tuple(option.id for option in applied)
    suite = copy.run(on_event=on_event, limit_s=limit_s)
    if suite.problem:
        trial = Trial(options, "DID_NOT_START", "full", None, problem=suite.problem, seconds=_since(began))
        return trial, None
    facts = copy.read()
    explained = copy.explain(suite, facts)
    after = explained.state
    suspects = compare(before, after).broken
    flaky = flaky_of(copy, suspects, applied, until=began + limit_s)
    settled = after.passing(flaky)
    comparison = compare(before, settled)
    blocked = [test for test, outcome in before.outcomes.items() if outcome in BAD]
    trial = Trial(
        options=options,
        verdict=verdict_of(comparison, blocked),
        measured="full",
        comparison=comparison,
        tests_run=sum(result.outcome != "not_run" for result in suite.results),
        tests_of=len(suite.tests),
        passed=sum(outcome == "passed" for outcome in settled.outcomes.values()),
        flaky=tuple(sorted(flaky)),
        causes_left={cause.id: cause.tests_blocked for cause in explained.causes if cause.tests},
        seconds=_since(began),
    )
    return trial, replace(step_of(explained, facts), state=settled)


def _since(began: float) -> float:
    return round(time.monotonic() - began, 2)
