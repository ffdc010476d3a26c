"""The processes that run tests: workers pull batches, and every test gets its outcome whatever happens to them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from kit.suite.collect.collected import Collected
from kit.suite.collect.collecting import TICK, Collector
from kit.suite.plan.run_spec import RunSpec
from kit.suite.process.board import Current
from kit.suite.process.memory import Excess
from kit.suite.process.messages import (
    Broken,
    Bye,
    Executed,
    FailureSeen,
    Finished,
    FromProbe,
    Lines,
    Measured,
    NoOverlay,
    Pull,
    StateChanged,
    StateLost,
    StateNamed,
    StateReaders,
    Staying,
    WarningRaised,
)
from kit.suite.process.processes import Child, PytestProcess
from kit.suite.process.supervisor import Supervisor
from kit.suite.run.answering import Answering
from kit.suite.run.execution_log import ExecutionLog
from kit.suite.run.leading import Leading
from kit.suite.run.limits import IDLE_LIMIT, LimitWatch
from kit.suite.run.losses import Losses
from kit.suite.run.run_events import RunEvents
from kit.suite.run.run_phase import RunPhase
from kit.suite.run.spawning import Spawner
from kit.suite.run.starts import Starts
from kit.suite.run.state_log import StateLog
from kit.suite.run.worker_ends import WorkerEnds
from kit.suite.run.workers import Workers

#: while more than ``_MANY`` tests remain, kit pauses for ``_PAUSE`` seconds: each wake-up costs as much as a test
_MANY, _PAUSE = 100, 0.005


class WorkerPool:
    """Hears the workers, ends those that exceed a limit, and has those that are lost replaced."""

    def __init__(
        self,
        spec: RunSpec,
        collected: Collected,
        collector: Collector,
        supervisor: Supervisor,
        events: RunEvents,
        execution_log: ExecutionLog,
        state_log: StateLog,
        starts: Starts,
    ) -> None:
        self._options, self._suite, self._supervisor = spec.options, collected, supervisor
        self._events, self._execution_log, self._state_log = events, execution_log, state_log
        self._workers = Workers(supervisor, events, self._receive)
        self._starts = starts
        self._losses = Losses(self._workers, supervisor, events, starts)
        self._spawner = Spawner(spec, collected, collector, supervisor, self._workers, self._losses)
        self._ends = WorkerEnds(spec.options, supervisor, events, self._workers, self._losses, self._spawner)
        #: keeps the worker that can go on in plain order
        self.leading = Leading(self._workers, supervisor, collected.nodeids)
        self._answering = Answering(self._workers, self.leading, collected.nodeids, starts)
        self._limits = LimitWatch(spec.options, collected, self._workers, events)
        self._gathered, self._meanwhile = spec.gathered, spec.meanwhile
        self._looked = 0.0
        self.may_fail_at_exit = False  # by what tests leave for the end of Python

    def take_over(self) -> None:
        """Give each process that collection has left its part in the run."""
        self._spawner.take_over(self._ends.limit_s)

    def keep_server(self) -> None:
        """Fork workers from the process that has collected the suite, if that is allowed and it still runs."""
        self._spawner.keep_server()

    @property
    def server(self) -> PytestProcess | None:
        """The process that workers are forked from, if there is one."""
        return self._spawner.server

    def work(self, phase: RunPhase, until: float = math.inf) -> str | None:
        """Let workers run until every test is finished or the time is over; the problem that ended it, if one did."""
        self._workers.phase = phase
        while not phase.ledger.is_done and time.monotonic() < until:
            if self._supervisor.is_late:
                return f"{self.too_late}."
            if self._losses.are_too_many:
                return self._too_many_losses()
            self._spawner.spawn_missing()
            self._supervisor.wait(TICK)
            self._look_at_limits()
            if phase.ledger.unfinished > _MANY:
                _pause(self._meanwhile)
        return None

    @property
    def too_late(self) -> str:
        """The sentence for a run that exceeds its time limit."""
        return f"The run was ended after {self._options.run_timeout_s:g} s, the limit for the whole run"

    @property
    def lethal(self) -> frozenset[int]:
        """The tests that have taken their workers along."""
        return frozenset(self._losses.blamed)

    def go_on(self, tests: tuple[int, ...], until: float) -> None:
        """Let the leader run these tests in this order, and end; without it, do nothing."""
        if child := self.leading.take(tests):
            self._answering.send_batch(child)
            self.work(self._workers.phase, until)
            (self.join if self._workers.phase.ledger.is_done else self.kill_all)()

    def join(self) -> None:
        """Wait for the workers to end now that all tests are finished; kill those that do not."""
        deadline = time.monotonic() + IDLE_LIMIT
        while not self._workers.are_all_gone and time.monotonic() < deadline:
            self._supervisor.wait(TICK)
            self._workers.reap_terminated()
        self.kill_all()

    def kill_all(self) -> None:
        """Kill the workers that are left. What they were running was started, and gets no outcome here."""
        for index in self._workers.kill_all():
            self._starts.note(index, is_told=False)

    def end(self) -> bool:
        """Let pytest end its sessions; whether one of them ended with an exit code other than 0."""
        self._spawner.end_collections()
        for process in self._spawner.processes:
            self._supervisor.let_end(process, self._ends.limit_s)
        self._ends.watch_sessions(wait=True)
        return self._ends.has_failed_end

    def _too_many_losses(self) -> str:
        why = f" ({self._losses.why})" if self._losses.why else ""
        is_for_names = self._suite.names_workers and not self._workers.has_added
        advice = "; --workers 1 avoids this: a single worker needs no name" if is_for_names else ""
        return f"The processes that run the tests died again and again between two tests{why}{advice}."

    # -- what workers send

    def _receive(self, child: Child) -> None:
        for message in child.connection.receive():
            child.heard = time.monotonic()
            self._take(child, message)
        if child.said_bye:
            self._ends.retire(child)
        elif child.connection.closed:
            self._ends.reap(child)

    def _take(self, child: Child, message: FromProbe) -> None:
        match message:
            case Pull():
                self._answering.send_batch(child)
            case Staying():
                self.leading.note(message)
            case Finished():
                self._finish(child, message)
            case FailureSeen():
                self._events.failure(message)
            case WarningRaised():
                self._events.warning(message)
            case NoOverlay(why=why):
                self._events.no_overlay(why)
            case StateChanged() | StateLost() | StateReaders() | StateNamed():
                self._note_state(child, message)
            case Broken():
                self._losses.why = self._events.error(message)
            case Bye(exits=exits):
                child.said_bye = True
                self.may_fail_at_exit |= bool(exits)
            case _:
                self._take_note(child, message)

    def _take_note(self, child: Child, message: FromProbe) -> None:
        """Keep what a worker has measured."""
        match message:
            case Executed():
                self._gathered.take(child.connection, message)
            case Lines():
                self._gathered.lines[message.index] = message.files
            case Measured():
                self._events.measured(child.slot)

    def _note_state(self, child: Child, message: StateChanged | StateLost | StateReaders | StateNamed) -> None:
        self._state_log.take(child.history, message)
        if isinstance(message, StateNamed):
            for _ in range(message.forks):
                self._starts.note(message.index, is_told=False)

    def _finish(self, child: Child, test: Finished) -> None:
        if not self._workers.phase.ledger.finish(child.slot, test.index):
            return
        self._losses.note_progress()
        self._starts.note(test.index, is_told=not self._events.is_rerunning)
        self._events.finished(test, child.slot)
        child.parent.has_failing |= not child.is_fork and test.outcome in ("failed", "error")
        self._execution_log.record(child.history, test.index, test.seconds or 0.0)
        if test.newest_pid is not None:
            child.ran.append((test.index, test.newest_pid))

    # -- limits

    def _look_at_limits(self) -> None:
        now = time.monotonic()
        if now - self._looked < TICK:
            return
        self._looked = now
        self._spawner.check_collections()
        for child in tuple(self._workers.live.values()):
            self._check(child)
        if excess := self._limits.excess():
            self._kill_for_memory(self._workers.live[excess.slot], excess)
        self._spawner.grow()
        self._workers.reap_terminated()
        self._ends.watch_sessions()
        self._limits.record_running()

    def _check(self, child: Child) -> None:
        seen = self._workers.current(child)
        breach = self._limits.breach_of(child, seen)
        if breach == "idle" and not self.leading.is_kept(child):
            self._ends.reap(child)
        elif breach == "test" and seen.index is not None and (current := self._still_runs(child, seen.index)):
            self._ends.time_out(child, current, self._limits.limit_of(seen.index))

    def _still_runs(self, child: Child, index: int) -> Current | None:
        """What a worker runs, if that is still this test and it has not finished just now."""
        self._receive(child)
        current = self._workers.current(child)
        return current if current.index == index and self._workers.holds(child, current) else None

    def _kill_for_memory(self, child: Child, excess: Excess) -> None:
        child.pause()  # it would take more and more
        self._receive(child)
        if self._workers.live.get(child.slot) is child:
            self._ends.kill_for_memory(child, excess)


def _pause(meanwhile: Callable[[], bool]) -> None:
    """Do work that is left for later, or nothing."""
    until = time.monotonic() + _PAUSE
    while meanwhile() and time.monotonic() < until:
        pass
    time.sleep(max(0.0, until - time.monotonic()))
