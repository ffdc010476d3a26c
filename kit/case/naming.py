"""Saying each cause once, as soon as it is known: while the tests still run, and not only when all is over."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from kit.case.investigation import Investigation
from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.facts.suite import SuiteFacts
from kit.failures import group_failures
from kit.report.wording import count, duration
from kit.suite import read_events

#: how often the events of a run are looked at, in seconds, and at least how many times as long as that takes
_EVERY, _SHARE = 2.0, 10


class CauseNamer:
    """Announces the causes of a case as they come to be known."""

    def __init__(self, investigation: Investigation, announce: Callable[[str], None]) -> None:
        """``announce`` gets a line for each cause."""
        self._investigation, self._announce = investigation, announce
        self._named: set[str] = set()
        self._next = 0.0
        self._source = cache(investigation.declarations)

    def look_now_and_then(self) -> None:
        """Look at what the run has recorded so far, when the last look was some time ago."""
        began = time.monotonic()
        if began < self._next:
            return
        self.look()
        self._next = time.monotonic() + max(_EVERY, _SHARE * (time.monotonic() - began))

    def look(self) -> None:
        """Announce what is known now and was not before."""
        suite = read_events(self._investigation.events)
        grouping = group_failures(suite, categories=self._investigation.options.own_categories())
        causes = find_causes(self._investigation.facts.inventory, suite, grouping, source=self._source)
        self._investigation.note_causes(cause for cause in causes if cause.kind != "failure-group")
        for cause in causes:
            if cause.id not in self._named and cause.kind != "failure-group":
                self._named.add(cause.id)
                self._announce(f"    cause named after {self._elapsed()}: {cause.title} · {_extent(cause, suite)}")

    def _elapsed(self) -> str:
        started = datetime.fromisoformat(self._investigation.case.started)
        return duration((datetime.now(UTC) - started).total_seconds())


def _extent(cause: Cause, suite: SuiteFacts) -> str:
    parts = [count(cause.tests_blocked, "test")] if cause.tests else []
    if cause.uncollectable:
        parts.append(f"{count(len(cause.uncollectable), 'file')} not collected")
    if parts:
        return f"{', '.join(parts)} so far"
    return "no test shows it so far" if suite.results else "seen in the source"
