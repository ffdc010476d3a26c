"""Where the events of a run go: into the file, into the facts, and to whoever watches."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from kit.facts.suite import SuiteFacts
from kit.suite.record.events import EventWriter, iterate_events
from kit.suite.record.folding import Event, Fold


class Recorder:
    """Records one session. A disk that is full, or a watcher that fails, does not end the run."""

    def __init__(self, path: Path, on_event: Callable[[Mapping[str, Any]], None] | None, *, resume: bool) -> None:
        """Open the file. ``resume`` keeps what earlier sessions have recorded there, else it is begun anew."""
        self.path = path
        self._writer = EventWriter(path, anew=not resume)
        self._fold = Fold()
        self.earlier: list[Event] = []  # what earlier sessions tell of where their tests ran
        for event in iterate_events(path):
            self._fold.add(event)
            if event["kind"] in ("session", "child", "finished"):
                self.earlier.append(event)
        self.done_before = self._fold.finished()
        self._watcher = on_event
        self._began = time.monotonic()
        self._trouble: str | None = None

    def say(self, kind: str, **details: object) -> None:
        """Record an event. Dataclasses among the details become objects."""
        event = {"kind": kind, "at": round(time.monotonic() - self._began, 3), **msgspec.to_builtins(details)}
        try:
            self._writer.write(event)
        except OSError as error:
            self._trouble = f"The events could not be recorded any more: {error.strerror}; what came later is lost."
        self._fold.add(event)
        if self._watcher:
            try:
                self._watcher(event)
            except Exception:  # noqa: BLE001  a display that fails must not cost a single result
                self._watcher = None

    def begin(self, **details: object) -> None:
        """Record that the session begins."""
        self.say("session", started=datetime.now(UTC).isoformat(timespec="milliseconds"), **details)

    def end(self, problem: str | None, *, interrupted: bool = False) -> None:
        """Record the end, with the accounting of all sessions of the file."""
        seconds = round(time.monotonic() - self._began, 3)
        accounting = self._fold.facts().accounting
        self.say(
            "end", seconds=seconds, problem=problem or self._trouble, interrupted=interrupted, accounting=accounting
        )

    def facts(self) -> SuiteFacts:
        """Everything recorded in the file so far."""
        return self._fold.facts()

    def close(self) -> None:
        """Close the file."""
        self._writer.close()
