"""What to do about a cause, with a command that can be typed as it stands."""

from __future__ import annotations

from dataclasses import replace

from kit.facts.case import Case
from kit.facts.case_commands import completed
from kit.facts.causes import CASE, CHECK, PATH, Cause, NextStep
from kit.facts.fixes import FixFacts


def next_step(cause: Cause, case: Case, fixes: FixFacts | None = None) -> NextStep:
    """The next step for a cause of this case. Where an option has a patch that fixes it, the check is ``kit verify``:
    a run of one test does not show what else the fix did.
    """
    step = cause.next_step
    if fixes and any(option.cause == cause.id and option.can_be_tried for option in fixes.options):
        recommended = any(layer.cause == cause.id for layer in fixes.layers)  # verify looks at these when none is named
        step = replace(step, argv=("kit", "verify", CASE, *(() if recommended else (cause.id,))), lead=CHECK)
    named = step.with_words({PATH: str(case.parameters.get("target") or "."), CASE: case.id})
    return replace(named, argv=completed(named.argv, case))
