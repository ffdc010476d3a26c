"""How numbers, times and the target's text are written for people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from kit.facts.outcomes import Outcome
from kit.facts.wording import counted
from kit.facts.wording import share as share
from kit.masking import visible

OUTCOME_LABELS: dict[Outcome, str] = {
    "passed": "Passed",
    "failed": "Failed",
    "error": "Error",
    "timed_out": "Timed out",
    "crashed": "Crashed",
    "xpassed": "Passed unexpectedly",
    "xfailed": "Failed as expected",
    "skipped": "Skipped",
    "not_run": "Not run",
}


def one_line(text: str, limit: int | None = None) -> str:
    """``text`` on one line, cut at ``limit`` characters with an ellipsis."""
    line = " ".join(visible(text).split())
    return line if limit is None or len(line) <= limit else line[: limit - 1].rstrip() + "…"


def number(value: int) -> str:
    """``6373`` as ``6,373``."""
    return f"{value:,}"


def duration(seconds: float | None) -> str:
    """``12 ms``, ``3.4 s``, ``1 min 24 s``, ``2 h 05 min``; ``not measured`` where it is not known."""
    if seconds is None:
        return "not measured"
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02d} min"


def instant(text: str) -> str:
    """An ISO 8601 instant as ``23 November 2026, 06:33 UTC``; other text as it is."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    moment = _in_utc(moment)
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def _in_utc(moment: datetime) -> datetime:
    """Instants are recorded in UTC; one without a zone is in UTC too."""
    return moment.astimezone(UTC) if moment.tzinfo else moment


def clock(text: str) -> str:
    """The time of day of an ISO 8601 instant, ``06:33:05``; other text as it is."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{_in_utc(moment):%H:%M:%S}"


def enumeration(parts: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *head, last = list(parts) or [""]
    return f"{', '.join(head)} and {last}" if head else last


def tests_and_files(tests: int, files: int) -> str:
    """``3,650 tests``, ``2 files``, ``10 tests and 2 files``; the files are those that could not be collected."""
    parts = [counted(tests, "test")] if tests or not files else []
    return enumeration([*parts, *([counted(files, "file")] if files else [])])


def shows_symptom(tests: int, first_hand: int, files: int) -> str:
    """Which tests show an error, and which files cannot be collected because of it, without the full stop."""
    collected = f"{counted(files, 'file')} cannot be collected" if files else ""
    seen = f"{counted(tests, 'test')}: {shown_by(first_hand, tests - first_hand)}" if tests else ""
    return "; ".join(filter(None, (seen, collected))) or "no test shows it"


def words(key: str) -> str:
    """A key as words: ``duplicate-index`` becomes ``duplicate index``."""
    return re.sub(r"[-_]+", " ", key)


def shown_by(first_hand: int, follow_on: int) -> str:
    """How many of the tests show an error itself, and how many one that follows from it; stands after their number."""
    if not follow_on:
        return "it shows the error itself" if first_hand == 1 else "all show the error itself"
    verbs = ["shows" if tests == 1 else "show" for tests in (first_hand, follow_on)]
    return f"{number(first_hand)} {verbs[0]} the error itself, {number(follow_on)} {verbs[1]} what follows from it"
