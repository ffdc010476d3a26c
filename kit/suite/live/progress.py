"""How far a run is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kit.facts.outcomes import OUTCOMES, Outcome

_NO_COUNTS: Mapping[Outcome, int] = dict.fromkeys(OUTCOMES, 0)


@dataclass(frozen=True)
class RunningTest:
    """A test that a worker runs. ``seconds`` is how long it had been running when this was recorded."""

    worker: int
    nodeid: str
    phase: str | None
    seconds: float


@dataclass(frozen=True)
class FailureKind:
    """Failures of one type whose messages are equal except for the data in them.

    ``count`` is the number of tests, and of files that could not be collected, with such a failure; ``first`` is the
    first of them.
    """

    title: str
    count: int = 0
    first: str | None = None


@dataclass(frozen=True)
class Progress:
    """The state of a run at one moment.

    - ``attempt``: which attempt of the case this is, from 1; an earlier one does not count.
    - ``began`` and ``ready``: when the session and its first test began, in seconds since the epoch.
    - ``earlier``: how many tests an interrupted session had finished before.
    - ``kinds``: the kinds of failures by a key, in the order in which they were first seen; ``kind_of`` maps the id of
      each failure to that key.
    - ``uncollected``: the files of this attempt that could not be collected.
    - ``slow``: a sentence about a test that takes long.
    - ``rechecking``: which tests run once more, as in ``"5 of 12 tests alone"``.
    - ``shared_state``: the sentence about state that tests share, if they do.
    - ``expected_s``: how long the tests took in earlier runs, divided by the number of workers.
    """

    stage: Literal["waiting", "collecting", "running", "ended"] = "waiting"
    attempt: int = 1
    files: int = 0
    collected: int = 0
    counts: Mapping[Outcome, int] = field(default_factory=lambda: _NO_COUNTS)
    collection_errors: int = 0
    earlier: int = 0
    running: tuple[RunningTest, ...] = ()
    latest: str | None = None
    slow: str | None = None
    kinds: Mapping[str, FailureKind] = field(default_factory=dict)
    kind_of: dict[str, str] = field(default_factory=dict, repr=False)
    uncollected: frozenset[str] = frozenset()
    rechecking: str | None = None
    shared_state: str | None = None
    began: float | None = None
    ready: float | None = None
    expected_s: float | None = None
    seconds: float | None = None
    problem: str | None = None
    interrupted: bool = False

    @property
    def finished(self) -> int:
        """How many tests have an outcome."""
        return sum(self.counts.values())

    def rate(self, now: float) -> float | None:
        """Tests a second in this session; ``None`` before the first one."""
        ran = self.finished - self.earlier
        seconds = self._running_for(now)
        return ran / seconds if ran > 0 and seconds > 0 else None

    def seconds_left(self, now: float) -> float | None:
        """How long the rest takes; ``None`` while nothing is known.

        The estimate starts with the durations of earlier runs, if there are any, and moves to the pace of this run as
        tests finish.
        """
        rate, left = self.rate(now), self.collected - self.finished
        known = self.expected_s - self._running_for(now) if self.expected_s and self.ready is not None else 0.0
        if rate is None:
            return known if known > 0 else None
        done = self.finished / self.collected if self.collected and known > 0 else 1.0
        return done * left / rate + (1 - done) * known

    def top_kinds(self, most: int) -> tuple[FailureKind, ...]:
        """The kinds with the most tests, the largest first."""
        shown = (kind for kind in self.kinds.values() if kind.count)
        return tuple(sorted(shown, key=lambda kind: -kind.count)[:most])

    def _running_for(self, now: float) -> float:
        if self.ready is None:
            return 0.0
        end = self.began + self.seconds if self.seconds is not None and self.began is not None else now
        return end - self.ready
