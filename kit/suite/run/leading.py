"""The leader of a run: the worker that has run the first part of a plain run, and can run the rest in order."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kit.suite.plan.ledger import OneProcess
from kit.suite.process.messages import Staying
from kit.suite.process.processes import Child
from kit.suite.process.supervisor import Supervisor
from kit.suite.run.execution_log import ExecutionLog
from kit.suite.run.questions import Questions
from kit.suite.run.run_phase import RunPhase
from kit.suite.run.workers import Workers
from kit.wire.commands import QuestionsWhileStaying, Stay

#: how long it may take until a process that has run its last test says so, in seconds
_PATIENCE = 5.0


@dataclass(frozen=True)
class Lead:
    """What the leader has run: ``done`` are the first tests of a plain run, ``left`` those that have run in other
    processes. Both are in the order of a plain run. ``keeps``: a fixture that outlives files is set up there.
    """

    done: tuple[int, ...] = ()
    left: tuple[int, ...] = ()
    keeps: bool = False


class Leading:
    """Keeps the leader after its last batch, until it is known which tests it has to run once more."""

    def __init__(self, workers: Workers, supervisor: Supervisor, nodeids: Sequence[str]) -> None:
        self._workers, self._supervisor, self._nodeids = workers, supervisor, nodeids
        self._lead = Lead()
        self._waits = False  # whether the leader has run its last test

    def answer(self, child: Child) -> Stay | None:
        """What the leader gets in place of no batch; ``None`` for other workers, and where nothing is left for it."""
        ledger = self._workers.phase.ledger
        done = ledger.handed(child.slot)
        if not ledger.has_leader or child.slot != ledger.LEADER or done == ledger.order:
            return None
        if done != ledger.order[: len(done)]:
            return None
        self._workers.leader, self._lead = child, Lead(done, ledger.order[len(done) :])
        first = self._lead.left[0]
        return {"batch": [], "next": (first, self._nodeids[first])}

    def is_kept(self, child: Child) -> bool:
        """Whether a worker is the leader, and has no batch any more."""
        return child is self._workers.leader

    def note(self, waiting: Staying) -> None:
        """The leader has run its last test, and waits."""
        self._waits, self._lead = True, replace(self._lead, keeps=waiting.keeps)

    def park(self, log: ExecutionLog) -> Lead:
        """All tests are finished: keep the leader apart from the workers to come. What it has run; nothing if there
        is none by now, unless one process has run every test.
        """
        if log.suite and log.ran_as_plain(log.suite[-1]):
            return Lead(log.suite)
        until = time.monotonic() + _PATIENCE
        while self._workers.leader and not self._waits and time.monotonic() < until:
            self._supervisor.wait(0.01)
        child = self._workers.leader
        if child is None:
            return Lead()
        if self._waits and tuple(child.history) == self._lead.done:
            self._workers.park()
            return self._lead
        self._workers.leader = None
        child.connection.send({"batch": []})
        return Lead()

    def ask(self, names: tuple[tuple[str, ...], ...], until: float) -> bool:
        """Ask the leader, which waits, which tests can see states with these names; whether it has told. Where workers
        are not forked, any other process would have to collect the suite for that.
        """
        child = self._workers.bring_back()
        if child is None:
            return False
        self._workers.leader, self._waits, first = child, False, self._lead.left[0]
        following, every = (first, self._nodeids[first]), [list(one) for one in names]
        asked = QuestionsWhileStaying(
            batch=[], names=every, seen=[], restored=[], spare=[], apart=[], each=[], next=following
        )
        child.connection.send(asked)
        while self._workers.leader and not self._waits and time.monotonic() < until:
            self._supervisor.wait(0.01)
        self._workers.park()
        return self._waits

    def take(self, tests: tuple[int, ...]) -> Child | None:
        """The leader, a worker again in a phase with these tests and no others; ``None`` if there is none."""
        child = self._workers.bring_back()
        if child is not None:
            questions = Questions(unwatched=True)
            self._workers.phase = RunPhase(OneProcess(tests), 1, 1, True, has_overlays=False, questions=questions)
            child.has_worked = False
        return child
