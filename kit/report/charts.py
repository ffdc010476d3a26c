"""The outcome bars: all collected tests, now and with the fixes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kit.facts.outcomes import Outcome
from kit.facts.suite import Accounting
from kit.facts.wording import counted
from kit.report.wording import OUTCOME_LABELS, number, share

#: the order of the segments: what went well, what went wrong, what says nothing
_ORDER: tuple[Outcome, ...] = (
    "passed",
    "failed",
    "error",
    "timed_out",
    "crashed",
    "xpassed",
    "xfailed",
    "skipped",
    "not_run",
)


#: the colours of the light theme, for where the style sheet is refused
PLAIN_COLOURS: dict[Outcome, str] = {
    "passed": "#2f8f77",
    "failed": "#cf4520",
    "error": "#94326f",
    "timed_out": "#a86b00",
    "crashed": "#2a2f36",
    "xpassed": "#3f78b5",
    "xfailed": "#6f8296",
    "skipped": "#7c8590",
    "not_run": "#d5d9de",
}


@dataclass(frozen=True)
class Segment:
    """A part of the outcome bar; ``start`` and ``width`` in percent."""

    outcome: Outcome
    label: str
    tests: int
    share: str
    start: float
    width: float


@dataclass(frozen=True)
class Bar:
    """The outcome bar; ``description`` says it in words, ``rest`` what the part is that stays empty."""

    segments: tuple[Segment, ...]
    description: str
    rest: str = ""


def outcome_bar(accounting: Accounting, of: int = 0) -> Bar:
    """All collected tests as one bar, as long as ``of`` tests would fill it."""
    parts = [(outcome, OUTCOME_LABELS[outcome], getattr(accounting, outcome)) for outcome in _ORDER]
    segments = _segments(parts, max(of, sum(tests for *_, tests in parts)))
    told = ", ".join(f"{number(one.tests)} {one.label.lower()} ({one.share})" for one in segments)
    missing = of - accounting.collected
    rest = f"{counted(missing, 'more test')} can be collected only with the fixes" if missing > 0 else ""
    return Bar(segments, f"Of {counted(accounting.collected, 'collected test')}: {told}.", rest)


def fixed_bar(passed: int, collected: int, of: int, failing: int | None = None) -> Bar:
    """The tests with the fixes: those that pass, that fail (or did not run), and all others; of which ``failing`` are
    known only where every test ran.
    """
    others = collected - passed
    if failing is None:
        parts: list[tuple[Outcome, str, int]] = [("failed", "Not passed", others)]
    else:
        parts = [
            ("failed", "Failed or not run", failing),
            ("skipped", "Skipped or failed as expected", others - failing),
        ]
    segments = _segments([("passed", "Passed", passed), *parts], max(of, collected))
    told = ", ".join(f"{number(one.tests)} {one.label.lower()}" for one in segments)
    return Bar(segments, f"Of {counted(collected, 'test')} that are collected with the fixes: {told}.")


def _segments(parts: Sequence[tuple[Outcome, str, int]], whole: int) -> tuple[Segment, ...]:
    total = sum(tests for *_, tests in parts) or 1
    segments, start = [], 0.0
    for outcome, label, tests in parts:
        if tests:
            width = 100 * tests / (whole or 1)
            segments.append(Segment(outcome, label, tests, share(tests, total), round(start, 3), round(width, 3)))
            start += width
    return tuple(segments)
