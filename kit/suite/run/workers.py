"""The worker processes that are alive, each in its slot."""

from __future__ import annotations

import time
from collections.abc import Callable

from kit.suite.process.board import Current
from kit.suite.process.processes import Child, PytestProcess
from kit.suite.process.supervisor import Supervisor
from kit.suite.run.run_events import RunEvents
from kit.suite.run.run_phase import RunPhase


class Workers:
    """Keeps the workers of a run: adds and removes them, and records both.

    ``live`` are the workers by slot, ``has_added`` tells whether there has ever been one. ``phase`` is the run phase
    that they run, or have run last.
    """

    phase: RunPhase

    def __init__(self, supervisor: Supervisor, events: RunEvents, receive: Callable[[Child], None]) -> None:
        """``receive`` is called when a worker has sent something, or is gone."""
        self._supervisor, self._events, self._receive = supervisor, events, receive
        self.live: dict[int, Child] = {}
        self.has_added = False
        #: the leader, when it has no batch any more; it is among the live workers unless it is parked
        self.leader: Child | None = None
        #: the process in which the suite prepares its workers, if there is one
        self.controller: PytestProcess | None = None
        self._terminated: dict[int, Child] = {}  # they got a SIGTERM; kit does not listen to them any more

    @property
    def taken_slots(self) -> set[int]:
        """The slots in which a process still lives."""
        kept = () if self.leader is None else (self.leader.slot,)
        return {*self.live, *self._terminated, *kept}

    @property
    def are_all_gone(self) -> bool:
        """Whether no worker is left, not even one that was terminated."""
        return not self.live and not self._terminated

    def add(self, child: Child) -> None:
        """Let a process pull batches from now on."""
        self.has_added = True
        self.live[child.slot] = child
        self._supervisor.listen(child.connection, lambda: self._receive(child))
        self._events.child(child.slot, "started")

    def park(self) -> None:
        """Keep the leader apart from the workers of the phases to come: it waits, and nobody waits for it."""
        if self.leader is not None:
            del self.live[self.leader.slot]
            self._supervisor.stop_listening(self.leader.connection)

    def bring_back(self) -> Child | None:
        """The leader, which is a worker like others from now on; ``None`` if there is none."""
        child, self.leader = self.leader, None
        if child is not None:
            self.live[child.slot] = child
            self._supervisor.listen(child.connection, lambda: self._receive(child))
        return child

    def remove(self, child: Child, state: str, reason: str | None = None) -> None:
        """Forget a worker that is ``"done"`` or ``"lost"``."""
        del self.live[child.slot]
        self.leader = None if self.leader is child else self.leader
        if self.controller:
            self.controller.dismiss(child.slot)
        self._events.child(child.slot, state, reason)

    def current(self, child: Child) -> Current:
        """What a worker runs now."""
        return self._supervisor.board.read(child.slot)

    def holds(self, child: Child, current: Current) -> bool:
        """Whether the test that a worker runs is one of its own that has no outcome yet."""
        return current.index is not None and self.phase.ledger.holds(child.slot, current.index)

    def running(self) -> dict[int, Current]:
        """The tests that run now, by slot."""
        found = {slot: (child, self.current(child)) for slot, child in self.live.items()}
        return {slot: current for slot, (child, current) in found.items() if self.holds(child, current)}

    def terminate(self, child: Child, grace_s: float) -> None:
        """Send a worker a SIGTERM; :meth:`reap_terminated` kills it after ``grace_s``."""
        child.terminate(grace_s)
        self._terminated[child.slot] = child

    def reap_terminated(self) -> None:
        """Reap the terminated workers that have ended, and kill those whose grace is over."""
        for slot, child in tuple(self._terminated.items()):
            if child.has_ended or time.monotonic() > child.patience_ends:
                del self._terminated[slot]
                self._supervisor.kill(child)

    def kill_all(self) -> list[int]:
        """Kill the workers that are left; returns the tests that they had begun and not finished."""
        begun: list[int] = []
        for child in tuple(self.live.values()):
            self._supervisor.kill(child)
            begun += self.phase.ledger.begun(child.slot, self.current(child).last)
            self.remove(child, "done")
        return begun

    def forget_terminated(self) -> None:
        """The process that they were forked from has died, and they died with it."""
        self._terminated.clear()
