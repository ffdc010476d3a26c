"""An app over its cases: how its tests ended in each, and how long each cause has been there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kit.facts.history import CaseMoment, Introduction
from kit.facts.overview import CaseLine
from kit.facts.wording import counted


@dataclass(frozen=True)
class CauseAge:
    """How long a cause of the newest case has been there.

    ``first`` is the oldest case that named it. Of the ``looked`` cases since then in which causes were looked for,
    ``seen`` named it, that one and the newest included. ``introduced`` is the commit that ``kit when`` has recorded for
    it in the case ``searched_in``, if all cases in between name the cause too.
    """

    cause: str
    title: str
    first: CaseMoment
    seen: int
    looked: int
    introduced: Introduction | None = None
    searched_in: str = ""

    @property
    def sentence(self) -> str:
        """``"in each of 4 cases"``, ``"in 3 of 5 cases"``, ``"in this case for the first time"``."""
        if self.looked == 1:
            return "in this case for the first time"
        return (
            f"in each of {self.seen:,} cases"
            if self.seen == self.looked
            else f"in {self.seen:,} of {self.looked:,} cases"
        )


@dataclass(frozen=True)
class Trend:
    """The cases of an app, the oldest first and this one last, and the causes of this one in the order of their rank.

    ``earlier`` counts the cases that are older still, and left out.
    """

    lines: tuple[CaseLine, ...]
    causes: tuple[CauseAge, ...] = ()
    earlier: int = 0

    @property
    def whole(self) -> tuple[CaseLine, ...]:
        """The cases that ran the whole suite: only their pass rates and durations can be compared."""
        return tuple(line for line in self.lines if line.ended.is_whole and line.pass_rate is not None)

    @property
    def sentence(self) -> str:
        """What the pass rate did, with the case of its largest fall."""
        whole = self.whole
        if len(whole) < 2:
            ran = f"Of {counted(len(self.lines), 'case')}, {len(whole):,} ran the whole suite"
            return f"{ran}, so there are no pass rates to compare"
        first, last = whole[0].passing, whole[-1].passing
        told = f"The pass rate went from {first} to {last} over {counted(len(whole), 'case')}"
        if len({line.pass_rate for line in whole}) == 1:
            told = f"The pass rate was {last} in each of {counted(len(whole), 'case')}"
        fall = _largest_fall([line.pass_rate or 0.0 for line in whole])
        if not fall:
            return told
        before, after = whole[fall - 1].passing, whole[fall]
        return f"{told}; its largest fall, from {before} to {after.passing}, came with {after.case.id}"


def _largest_fall(rates: Sequence[float]) -> int:
    """Where the rate fell most from one case to the next; 0 where it never fell."""
    falls = [(before - after, -at) for at, (before, after) in enumerate(pairwise(rates), start=1)]
    most, place = max(falls)
    return -place if most > 0 else 0
