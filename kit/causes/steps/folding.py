"""A list of causes that a reader can take in: single failures without a name are folded into one entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kit.causes.building import each_line_once
from kit.facts.causes import Cause

#: a list of at most this many causes needs no folding
_ONE_SCREEN = 10
FOLDED = "failure-group:single"
_SHOWN = 10


def fold(causes: Sequence[Cause]) -> tuple[Cause, ...]:
    """The causes; where they are more than a screen holds, those of one test each of which only the place is known are
    one, at the end.
    """
    single = [cause for cause in causes if _is_single(cause)] if len(causes) > _ONE_SCREEN else []
    if len(single) < 2:
        return tuple(causes)
    gone = {cause.id for cause in single}
    folded = replace(
        single[0],
        id=FOLDED,
        title=f"{len(single)} tests fail each in its own way, with nothing in common that has a name",
        locations=each_line_once(place for cause in single for place in cause.locations[:1])[:_SHOWN],
        tests=tuple(test for cause in single for test in cause.tests),
        first_hand=sum(cause.first_hand for cause in single),
        groups=tuple(group for cause in single for group in cause.groups),
        evidence=tuple(item for cause in single for item in cause.evidence if item.anchor),
        next_step=single[0].next_step.after(
            "Fix the causes above first. Then look at what is left of these, one after the other."
        ),
    )
    return (*(cause for cause in causes if cause.id not in gone), folded)


def _is_single(cause: Cause) -> bool:
    return cause.kind == "failure-group" and cause.tests_blocked == 1 and not cause.uncollectable
