"""How far a run is: folded from its events, and said in one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from kit.facts.suite import OUTCOMES, Outcome

Event = Mapping[str, Any]

#: the outcomes as the live line counts them, in its order; one that has not occurred is left out, but for the first
_WORDS: dict[Outcome, str] = {
    "passed": "passed",
    "failed": "failed",
    "error": "errors",
    "timed_out": "timed out",
    "crashed": "crashed",
    "skipped": "skipped",
    "xfailed": "xfailed",
    "xpassed": "xpassed",
    "not_run": "not run",
}

_NO_COUNTS: Mapping[Outcome, int] = dict.fromkeys(OUTCOMES, 0)


@dataclass(frozen=True)
class RunningTest:
    """A test that a worker runs, and for how many seconds it had been running when that was said."""

    worker: int
    nodeid: str
    phase: str | None
    seconds: float


@dataclass(frozen=True)
class Progress:
    """Where a run stands.

    ``began`` and ``ready`` are the moments at which the session and its tests began, in seconds since the epoch;
    ``earlier`` counts the tests that an interrupted session had finished before.
    """

    stage: Literal["waiting", "collecting", "running", "ended"] = "waiting"
    files: int = 0
    collected: int = 0
    counts: Mapping[Outcome, int] = field(default_factory=lambda: _NO_COUNTS)
    collection_errors: int = 0
    earlier: int = 0
    running: tuple[RunningTest, ...] = ()
    latest: str | None = None
    slow: str | None = None
    began: float | None = None
    ready: float | None = None
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
        """How long the rest takes if it goes on like this; ``None`` when that cannot be told yet."""
        rate = self.rate(now)
        return (self.collected - self.finished) / rate if rate else None

    def _running_for(self, now: float) -> float:
        if self.ready is None:
            return 0.0
        end = self.began + self.seconds if self.seconds is not None and self.began is not None else now
        return end - self.ready


def advance(progress: Progress, event: Event) -> Progress:
    """The progress after ``event``; one of an unknown kind changes nothing."""
    step = _STEPS.get(event["kind"])
    return progress if step is None else step(progress, event)


def live_line(progress: Progress, now: float) -> str:
    """One line: ``1,234 / 6,373 · 1,100 passed · 90 failed · 61 tests/s · 1 min 24 s left · test id``.

    ``now`` is in seconds since the epoch.
    """
    parts = _parts(progress, now)
    return " · ".join(part for part in parts if part)


def counts_line(progress: Progress) -> str:
    """``1,234 / 6,373 · 1,100 passed · 90 failed``."""
    shown = [
        f"{progress.counts[outcome]:,} {word}"
        for outcome, word in _WORDS.items()
        if progress.counts[outcome] or outcome == "passed"
    ]
    return " · ".join([f"{progress.finished:,} / {progress.collected:,}", *shown])


def pace_line(progress: Progress, now: float) -> str:
    """``61 tests/s · 1 min 24 s left``; empty before the first test."""
    rate, left = progress.rate(now), progress.seconds_left(now)
    if rate is None or left is None:
        return ""
    pace = f"{rate:,.0f} tests/s" if rate >= 10 else f"{rate:.1f} tests/s"
    return f"{pace} · {duration(left)} left" if progress.stage == "running" else pace


def collecting_line(progress: Progress, now: float) -> str:
    """``collecting: 812 tests in 40 files · 3 s``."""
    if progress.began is None:
        return "waiting for the tests to begin"
    found = f"{_count(progress.collected, 'test')} in {_count(progress.files, 'file')}"
    return f"collecting: {found} · {duration(now - progress.began)}"


def duration(seconds: float) -> str:
    """``"1 min 24 s"``; whole seconds, but tenths below two."""
    if seconds < 2:
        return f"{max(0.0, seconds):.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _parts(progress: Progress, now: float) -> list[str]:
    if progress.stage in ("waiting", "collecting"):
        return [collecting_line(progress, now)]
    if progress.stage == "ended":
        took = duration(progress.seconds) if progress.seconds is not None else ""
        state = "interrupted" if progress.interrupted else progress.problem or ""
        return [counts_line(progress) if progress.collected else "", pace_line(progress, now), took, state]
    current = progress.running[0].nodeid if progress.running else progress.latest or ""
    return [counts_line(progress), pace_line(progress, now), current]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _header(_progress: Progress, _event: Event) -> Progress:
    return Progress()  # a file begins here, perhaps anew


def _session(progress: Progress, event: Event) -> Progress:
    began = datetime.fromisoformat(event["started"]).timestamp()
    return Progress(stage="collecting", counts=progress.counts, earlier=progress.finished, began=began)


def _collecting(progress: Progress, event: Event) -> Progress:
    if progress.stage != "collecting":
        return progress  # a process collects again while others run
    return replace(progress, files=event["files"], collected=event["tests"])


def _collection_error(progress: Progress, _event: Event) -> Progress:
    return replace(progress, collection_errors=progress.collection_errors + 1)


def _ready(progress: Progress, event: Event) -> Progress:
    ready = (progress.began or 0.0) + event["at"]
    return replace(progress, stage="running", collected=event["tests"], ready=ready)


def _running(progress: Progress, event: Event) -> Progress:
    tests = tuple(
        RunningTest(each["worker"], each["nodeid"], each["phase"], each["seconds"]) for each in event["tests"]
    )
    return replace(progress, running=tests)


def _slow(progress: Progress, event: Event) -> Progress:
    return replace(progress, slow=event["nodeid"])


def _finished(progress: Progress, event: Event) -> Progress:
    outcome: Outcome = event["outcome"]
    counts = {**progress.counts, outcome: progress.counts[outcome] + 1}
    return replace(progress, counts=counts, latest=event["nodeid"])


def _end(progress: Progress, event: Event) -> Progress:
    return replace(
        progress,
        stage="ended",
        running=(),
        seconds=event["seconds"],
        problem=event["problem"],
        interrupted=event["interrupted"],
    )


_STEPS: dict[str, Callable[[Progress, Event], Progress]] = {
    "header": _header,
    "session": _session,
    "collecting": _collecting,
    "collection_error": _collection_error,
    "ready": _ready,
    "running": _running,
    "slow": _slow,
    "finished": _finished,
    "end": _end,
}
