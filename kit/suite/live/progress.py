"""How far a run is: folded from its events, and said in one line."""

from __future__ import annotations

import re
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

#: what differs between two texts of one kind
_DATA = re.compile(r"\d+|'[^']*'|\"[^\"]*\"|0x[0-9a-fA-F]+")

#: how much of an error is shown, and how many kinds are told apart
_LONGEST_TITLE, _MOST_KINDS = 120, 300

_NO_COUNTS: Mapping[Outcome, int] = dict.fromkeys(OUTCOMES, 0)


@dataclass(frozen=True)
class RunningTest:
    """A test that a worker runs, and for how many seconds it had been running when that was said."""

    worker: int
    nodeid: str
    phase: str | None
    seconds: float


@dataclass(frozen=True)
class FailureKind:
    """Failures of one type with one text but for its data, how many tests (or files that could not be collected) show
    them, and the first that did.
    """

    title: str
    count: int = 0
    first: str | None = None


@dataclass(frozen=True)
class Progress:
    """Where a run stands.

    ``began`` and ``ready`` are the moments at which the session and its tests began, in seconds since the epoch;
    ``earlier`` counts the tests that an interrupted session had finished before. ``kinds`` are the kinds of failures
    by a key, in the order in which they were first seen, and ``kind_of`` has the key of each failure's id. ``slow``
    says which test takes long, ``rechecking`` what is run once more: ``"5 of 12 tests alone"``. ``expected_s`` is
    how long the tests took in earlier runs, spread over the workers.
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
    kinds: Mapping[str, FailureKind] = field(default_factory=dict)
    kind_of: dict[str, str] = field(default_factory=dict, repr=False)
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
        """How long the rest takes; ``None`` when that cannot be told yet.

        At first as earlier runs say, when they do; the more tests are finished, the more as it went on until now.
        """
        rate, left = self.rate(now), self.collected - self.finished
        known = self.expected_s - self._running_for(now) if self.expected_s and self.ready is not None else 0.0
        if rate is None:
            return known if known > 0 else None
        done = self.finished / self.collected if self.collected and known > 0 else 1.0
        return done * left / rate + (1 - done) * known

    def top_kinds(self, most: int) -> tuple[FailureKind, ...]:
        """The kinds that most tests show, the largest first."""
        shown = (kind for kind in self.kinds.values() if kind.count)
        return tuple(sorted(shown, key=lambda kind: -kind.count)[:most])

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
    parts = []
    if rate is not None:
        parts.append(f"{rate:,.0f} tests/s" if rate >= 10 else f"{rate:.1f} tests/s")
    if left is not None and progress.stage == "running":
        parts.append(f"{duration(left)} left")
    return " · ".join(parts)


def kind_line(kind: FailureKind) -> str:
    """How many tests show it, what it says, and the first test that did."""
    return f"{kind.count:,} \N{MULTIPLICATION SIGN} {kind.title}" + (f" · first in {kind.first}" if kind.first else "")


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
    if progress.rechecking:
        return [counts_line(progress), f"once more: {progress.rechecking}"]
    current = progress.running[0].nodeid if progress.running else progress.latest or ""
    return [counts_line(progress), pace_line(progress, now), current]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _header(_progress: Progress, _event: Event) -> Progress:
    return Progress()  # a file begins here, perhaps anew


def _session(progress: Progress, event: Event) -> Progress:
    began = datetime.fromisoformat(event["started"]).timestamp()
    return Progress(
        stage="collecting",
        counts=progress.counts,
        earlier=progress.finished,
        kinds=progress.kinds,
        kind_of=progress.kind_of,
        began=began,
    )


def _collecting(progress: Progress, event: Event) -> Progress:
    if progress.stage != "collecting":
        return progress  # a process collects again while others run
    return replace(progress, files=event["files"], collected=event["tests"])


def _collection_error(progress: Progress, event: Event) -> Progress:
    progress = _failure(progress, event)
    kinds = _counted(progress, progress.kind_of.get(event["failure"]["id"]), event["path"])
    return replace(progress, collection_errors=progress.collection_errors + 1, kinds=kinds)


def _ready(progress: Progress, event: Event) -> Progress:
    ready = (progress.began or 0.0) + event["at"]
    return replace(progress, stage="running", collected=event["tests"], ready=ready, expected_s=event.get("expected_s"))


def _running(progress: Progress, event: Event) -> Progress:
    tests = tuple(
        RunningTest(each["worker"], each["nodeid"], each["phase"], each["seconds"]) for each in event["tests"]
    )
    return replace(progress, running=tests)


def _slow(progress: Progress, event: Event) -> Progress:
    return replace(progress, slow=f"{event['nodeid']} · {duration(event['seconds'])} in {event['phase']}")


def _finished(progress: Progress, event: Event) -> Progress:
    outcome: Outcome = event["outcome"]
    counts = {**progress.counts, outcome: progress.counts[outcome] + 1}
    key = progress.kind_of.get(event.get("failure") or "")
    if key is None and outcome in ("timed_out", "crashed"):  # nobody knows where it was, but why it ended
        progress, key = _known(progress, event.get("reason") or outcome.replace("_", " "))
    nodeid = event["nodeid"]
    slow = None if progress.slow and progress.slow.startswith(f"{nodeid} · ") else progress.slow
    # what replace() would make, which is slow with so many fields; this happens for every test
    after = object.__new__(Progress)
    vars(after).update(vars(progress), counts=counts, latest=nodeid, slow=slow, kinds=_counted(progress, key, nodeid))
    return after


def _failure(progress: Progress, event: Event) -> Progress:
    failure = event["failure"]
    root, phase = failure["chain"][-1], failure.get("phase", "call")
    text = f"{root['type']}: {root['message']}".strip().rstrip(":").partition("\n")[0][:_LONGEST_TITLE]
    progress, key = _known(progress, text if phase == "call" else f"{text} ({phase})")
    if key is not None:
        # one dictionary for a whole run, which only grows: a copy for each of thousands of failures would be dear
        progress.kind_of[failure["id"]] = key
    return progress


def _known(progress: Progress, title: str) -> tuple[Progress, str | None]:
    """The progress that knows the kind with this title, and its key; ``None`` when there are too many."""
    key = _DATA.sub("…", title)
    if key in progress.kinds:
        return progress, key
    if len(progress.kinds) >= _MOST_KINDS:
        return progress, None
    return replace(progress, kinds={**progress.kinds, key: FailureKind(title)}), key


def _counted(progress: Progress, key: str | None, name: str) -> Mapping[str, FailureKind]:
    if key is None:
        return progress.kinds
    kind = progress.kinds[key]
    return {**progress.kinds, key: replace(kind, count=kind.count + 1, first=kind.first or name)}


def _rechecking(progress: Progress, event: Event) -> Progress:
    return replace(progress, rechecking=f"{_count(event['tests'], 'test')} {event['how']}")


def _rerun(progress: Progress, event: Event) -> Progress:
    return replace(progress, rechecking=f"{event['done']:,} of {_count(event['tests'], 'test')} {event['how']}")


def _rechecked(progress: Progress, event: Event) -> Progress:
    """A test that fails only beside others is counted as without them."""
    outcome: Outcome | None = event.get("outcome")
    if outcome is None:
        return progress
    counts = dict(progress.counts)
    seen: Outcome = event["was"]
    counts[seen] -= 1
    counts[outcome] += 1
    return replace(progress, counts=counts)


def _shared_state(progress: Progress, event: Event) -> Progress:
    return replace(progress, shared_state=event["what"])


def _end(progress: Progress, event: Event) -> Progress:
    return replace(
        progress,
        stage="ended",
        running=(),
        rechecking=None,
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
    "failure": _failure,
    "rechecking": _rechecking,
    "rerun": _rerun,
    "rechecked": _rechecked,
    "shares": _shared_state,
    "end": _end,
}
