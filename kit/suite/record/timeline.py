"""When what happened: the events of a run as a timeline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kit.facts.garbage import collector_off
from kit.facts.timeline import EndedTest, Moment, RunTimeline
from kit.facts.wording import counted
from kit.suite.record.events import iterate_events
from kit.suite.record.folding import Event


@collector_off()
def read_timeline(path: Path) -> RunTimeline | None:
    """The timeline of the last attempt that a file of events holds; ``None`` where it holds none."""
    reading: _Reading | None = None
    for event in iterate_events(path):
        if event["kind"] == "session":
            attempt = event.get("attempt", 1)
            if reading is None or reading.attempt != attempt:
                reading = _Reading(attempt, str(event.get("started", "")))
            else:
                reading.resume()
        elif reading is not None:
            reading.add(event)
    return reading.timeline() if reading else None


class _Reading:
    """One attempt, event by event. ``begun`` is when its session began, in seconds since the attempt did."""

    def __init__(self, attempt: int, started: str) -> None:
        self.attempt, self._started = attempt, started
        self._begun = self._now = 0.0
        self._ready: float | None = None
        self._ended: list[EndedTest] = []
        self._moments: list[Moment] = []
        #: what went down without saying which worker ran it, by its reason; and workers whose test is not known yet
        self._orphans: dict[str, int] = {}
        self._lost: dict[str, int] = {}

    def resume(self) -> None:
        """Another session goes on where the one before it ended."""
        self._begun = self._now
        self._moments.append(Moment(self._now, "resumed", "the run was resumed"))

    def add(self, event: Event) -> None:
        """Take an event of the session."""
        self._now = max(self._now, self._begun + float(event.get("at", 0.0)))
        if event["kind"] == "ready":
            self._ready = self._now if self._ready is None else self._ready
        elif event["kind"] == "finished":
            self._end(event)
        elif event["kind"] == "child" and event.get("state") == "lost":
            self._lose(event.get("worker") or 0, event.get("reason") or "no reason was recorded")
        elif event["kind"] == "rechecking":
            self._moments.append(Moment(self._now, "rechecking", f"{counted(event['tests'], 'test')}, {event['how']}"))

    def _end(self, event: Event) -> None:
        reason = event.get("reason")
        worker = event.get("worker") or self._lost.pop(reason or "", 0)
        if not worker and reason:
            self._orphans[reason] = len(self._ended)
        self._ended.append(_ended(self._now, event, worker))

    def _lose(self, worker: int, reason: str) -> None:
        self._moments.append(Moment(self._now, "lost", reason, worker))
        if reason in self._orphans:
            index = self._orphans.pop(reason)
            self._ended[index] = replace(self._ended[index], worker=worker)
        else:
            self._lost[reason] = worker

    def timeline(self) -> RunTimeline:
        """What was read."""
        return RunTimeline(self._started, self._now, self._ready, tuple(self._ended), tuple(self._moments))


def _ended(now: float, event: Event, worker: int) -> EndedTest:
    seconds = event.get("seconds") or 0.0
    return EndedTest(now, event["nodeid"], event["outcome"], worker, seconds, event.get("failure"))
