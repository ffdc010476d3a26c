"""Naming causes while the tests still run: each is announced once, as soon as the facts show it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache

from kit.case.investigation import Investigation
from kit.causes import environment_of, find_causes
from kit.facts.causes import Cause, NextStep
from kit.facts.errors import StoreError
from kit.facts.suite import SuiteFacts
from kit.facts.wording import counted
from kit.failures import group_failures
from kit.report import duration, next_step
from kit.suite import read_events

#: at least this many seconds lie between two looks at the events of a run, and this many times what a look takes
_PAUSE_S, _PAUSE_FACTOR = 2.0, 10


class CauseNamer:
    """Announces the causes of a case as they come to be known."""

    def __init__(
        self,
        investigation: Investigation,
        announce: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``announce`` gets a line for each cause; ``clock`` says how many seconds have passed."""
        self._investigation, self._announce, self._clock = investigation, announce, clock
        self._categories = investigation.options.own_categories()
        self._source = cache(investigation.declarations)
        self._environment = environment_of(investigation.target)
        self._named: set[str] = set()
        self._next_look = clock()

    def look_now_and_then(self) -> None:
        """Look at what the run has recorded so far, unless the last look was a short time ago.

        A store that has failed does not stop the tests: the end of their stage reports it.
        """
        began = self._clock()
        if began >= self._next_look:
            with suppress(StoreError):
                self.look()
            ended = self._clock()
            self._next_look = ended + max(_PAUSE_S, _PAUSE_FACTOR * (ended - began))

    def look(self) -> None:
        """Announce the causes that are known now and were not known before."""
        suite = read_events(self._investigation.events)
        grouping = group_failures(suite, categories=self._categories)
        found = find_causes(
            self._investigation.record.inventory(), suite, grouping, source=self._source, environment=self._environment
        )
        causes = [cause for cause in found if cause.kind != "failure-group"]
        named_after = self._investigation.record.note_causes(causes)
        for cause in causes:
            if cause.id not in self._named:
                self._named.add(cause.id)
                after = duration(named_after[cause.id])
                self._announce(f"    cause named after {after}: {cause.title} · {_extent(cause, suite)}")
                self._announce_step(next_step(cause, self._investigation.case), suite)

    def _announce_step(self, step: NextStep, suite: SuiteFacts) -> None:
        if step.text:
            self._announce(f"        {step.text}")
        if step.argv and _shows_it(step, suite):
            lead = step.lead.lower() if step.text else "check with"
            self._announce(f"        {lead}: {step.command}")


def _shows_it(step: NextStep, suite: SuiteFacts) -> bool:
    """Whether the command is known to show the cause: a run of tests is, once a test of it has failed alone too. Before
    that it may pass with the cause still there.
    """
    if step.argv[:2] != ("kit", "run"):
        return True
    return any(result.nodeid == step.argv[-1] and result.alone == "fails" for result in suite.results)


def _extent(cause: Cause, suite: SuiteFacts) -> str:
    parts = [counted(cause.tests_blocked, "test")] if cause.tests else []
    if cause.uncollectable:
        parts.append(f"{counted(len(cause.uncollectable), 'file')} not collected")
    if parts:
        return f"{', '.join(parts)} so far"
    return "no test shows it so far" if suite.results else "seen in the source"
