"""When a run was begun, continued and interrupted."""

from __future__ import annotations

from dataclasses import replace

from kit.facts.suite import RunSession
from kit.suite.record.event_types import End, SessionEvent


class SessionLog:
    """The sessions of one attempt, as their events tell."""

    def __init__(self) -> None:
        self._over: list[RunSession] = []
        self._now: RunSession | None = None
        self._finished = 0  # in the session that is not over
        self._at: float | None = None

    def begin(self, event: SessionEvent) -> None:
        """A session begins."""
        self._over = list(self.sessions)
        self._now = RunSession(event.started, event.attempt, is_whole=event.whole)
        self._finished, self._at = 0, None

    def note(self, at: float | None) -> None:
        """An event was recorded this many seconds after the session began."""
        self._at = self._at if at is None else at

    def finished(self) -> None:
        """A test has ended."""
        self._finished += 1

    def end(self, event: End) -> None:
        """The session is over."""
        if self._now:
            self._now = replace(self._now, ended=True, interrupted=event.interrupted, problem=event.problem)

    @property
    def sessions(self) -> tuple[RunSession, ...]:
        """All sessions in their order."""
        now = (replace(self._now, finished=self._finished, seconds=self._at),) if self._now else ()
        return (*self._over, *now)

    @property
    def seconds(self) -> float | None:
        """How long they took together, as far as their records go; ``None`` when nothing tells."""
        known = [session.seconds for session in self.sessions if session.seconds is not None]
        return round(sum(known), 3) if known else self._at
