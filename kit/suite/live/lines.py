"""The progress of a run in lines of text."""

from __future__ import annotations

from kit.facts.outcomes import Outcome
from kit.facts.wording import counted
from kit.suite.live.progress import FailureKind, Progress

#: the outcomes in the words and the order of the live line, which leaves out those without a test, except the first
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
    """The number of tests with this failure, its title, and the first test."""
    return f"{kind.count:,} \N{MULTIPLICATION SIGN} {kind.title}" + (f" · first in {kind.first}" if kind.first else "")


def collecting_line(progress: Progress, now: float) -> str:
    """``collecting: 812 tests in 40 files · 3 s``."""
    if progress.began is None:
        return "waiting for the tests to begin"
    found = (
        f": {counted(progress.collected, 'test')} in {counted(progress.files, 'file')}"
        if progress.files
        else " the tests"
    )
    return f"collecting{found} · {duration(now - progress.began)}"


def duration(seconds: float) -> str:
    """``"1 min 24 s"``; in whole seconds, below two seconds in tenths."""
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
        state = "interrupted" if progress.interrupted else ""
        return [counts_line(progress) if progress.collected else "", pace_line(progress, now), took, state]
    if progress.rechecking:
        return [counts_line(progress), f"once more: {progress.rechecking}"]
    current = progress.running[0].nodeid if progress.running else progress.latest or ""
    return [counts_line(progress), pace_line(progress, now), current]
