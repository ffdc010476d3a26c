"""When what happened in a run of the suite: for the picture of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kit.facts.outcomes import Outcome

#: a worker that went down · the run goes on after an interruption · failures are about to run once more
MomentKind = Literal["lost", "resumed", "rechecking"]


@dataclass(frozen=True, slots=True)
class EndedTest:
    """A test that ended ``at`` this second after ``seconds`` of its own; ``failure`` is the id of what it raised."""

    at: float
    nodeid: str
    outcome: Outcome
    worker: int
    seconds: float
    failure: str | None = None


@dataclass(frozen=True)
class Moment:
    """Something that happened beside the tests; ``worker`` is 0 where it concerns all of them."""

    at: float
    kind: MomentKind
    what: str
    worker: int = 0


@dataclass(frozen=True)
class RunTimeline:
    """The last attempt at a run, its sessions one after the other. All times are seconds since it began.

    ``started`` is the instant of its beginning (ISO 8601), ``ready`` when collection was over (``None``: it never was).
    """

    started: str
    seconds: float
    ready: float | None = None
    ended: tuple[EndedTest, ...] = ()
    moments: tuple[Moment, ...] = ()
