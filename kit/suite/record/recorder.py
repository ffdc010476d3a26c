"""Sends the events of a run to three places: the file, the facts and the display."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from kit.facts.suite import SuiteFacts
from kit.masking import cleaned
from kit.suite.record.attempts import Attempts
from kit.suite.record.events import EventWriter, iterate_events
from kit.suite.record.folding import Event

#: kinds of events that hold numbers, words of kit's own and node ids
_WITHOUT_TEXT = frozenset({"collecting", "running", "child", "measured", "rerun", "rechecking"})

_LOG = logging.getLogger(__name__)


class Recorder:
    """Records one session. A disk that is full, or a watcher that fails, does not end the run."""

    def __init__(self, path: Path, on_event: Callable[[Mapping[str, Any]], None] | None, *, resume: bool) -> None:
        """Open the file. ``resume`` continues the last attempt that is recorded there, else a new one begins."""
        self.path = path
        self._writer = EventWriter(path)
        self._attempts = Attempts()
        self.earlier: list[Event] = []  # what earlier sessions of the attempt tell of where their tests ran
        for event in iterate_events(path):
            before = self._attempts.attempt
            self._attempts.add(event)
            if self._attempts.attempt != before or not resume:
                self.earlier.clear()
            if resume and event["kind"] in ("session", "child", "finished"):
                self.earlier.append(event)
        #: the attempt that this session belongs to, from 1
        self.attempt = max(1, self._attempts.attempt + (0 if resume else 1))
        self.done_before = self._attempts.finished() if resume else Counter()
        self._watcher = on_event
        self._began = time.monotonic()
        self._lost, self._trouble = 0, ""

    def say(self, kind: str, **details: object) -> None:
        """Record an event. Dataclasses among the details become objects."""
        event = _masked({"kind": kind, "at": round(time.monotonic() - self._began, 3), **msgspec.to_builtins(details)})
        try:
            self._writer.write(event)
        except OSError as error:
            self._lost, self._trouble = self._lost + 1, str(error.strerror)
        self._attempts.add(event)
        if self._watcher:
            try:
                self._watcher(event)
            except Exception as error:  # noqa: BLE001  a display that fails must not cost a single result
                self._watcher = None
                _LOG.warning(
                    "what shows this run has failed and shows no more of it (%s: %s)", type(error).__name__, error
                )

    def begin(self, **details: object) -> None:
        """Record that the session begins."""
        started = datetime.now(UTC).isoformat(timespec="milliseconds")
        self.say("session", started=started, attempt=self.attempt, **details)

    def end(self, problem: str | None, *, interrupted: bool = False) -> None:
        """Record the end, with the accounting of all sessions of the file. A file that somebody has removed meanwhile
        comes back first.
        """
        problem = problem or self._what_is_missing()
        seconds = round(time.monotonic() - self._began, 3)
        accounting = self.facts().accounting
        self.say("end", seconds=seconds, problem=problem, interrupted=interrupted, accounting=accounting)

    def _what_is_missing(self) -> str | None:
        try:
            self._writer.bring_back()
        except OSError as error:
            return f"{self.path} was removed while the run went on, and could not be written anew: {error.strerror}."
        if not self._lost:
            return None
        events = "1 event" if self._lost == 1 else f"{self._lost:,} events"
        return f"{events} of the run could not be written to {self.path.name}: {self._trouble}."

    def facts(self) -> SuiteFacts:
        """Everything recorded in the file so far."""
        return self._attempts.facts()

    def facts_of_session(self) -> SuiteFacts:
        """The facts about the tests that this session has collected, in their order."""
        return self._attempts.facts_of_session()

    def close(self) -> None:
        """Close the file."""
        self._writer.close()


def _masked(event: Event) -> Event:
    """The event without secrets. Node ids are masked when they are collected; most events hold nothing else."""
    if event["kind"] in _WITHOUT_TEXT or (event["kind"] == "finished" and event.get("reason") is None):
        return event
    return {name: value if name == "nodeid" else cleaned(value) for name, value in event.items()}
