"""The processes that run tests: children pull batches, and every test gets its outcome whatever happens to them."""

from __future__ import annotations

import math
import time
from collections import Counter
from dataclasses import dataclass

from kit.facts.suite import Outcome
from kit.suite.collect.collected import Collected
from kit.suite.collect.collecting import TICK, Collector
from kit.suite.collect.collection import Collection
from kit.suite.plan.ledger import Ledger
from kit.suite.plan.run_spec import RunSpec
from kit.suite.process.board import Current
from kit.suite.process.idleness import Idleness
from kit.suite.process.memory import Excess, MemoryWatch
from kit.suite.process.outcomes import exit_reason, timeout_reason
from kit.suite.process.processes import Child, PytestProcess
from kit.suite.process.stacks import dump_stack, peek, read_stack
from kit.suite.process.supervisor import Supervisor
from kit.suite.process.wire import Record
from kit.suite.run.execution_log import ExecutionLog
from kit.suite.run.run_events import RunEvents

#: how often it is said what runs, in seconds
_RUNNING_EVERY = 0.5

#: how long a child may do nothing between two tests, in seconds (at least the limit of a test)
_IDLE_LIMIT = 30.0

#: how long pytest may take to end its session, in seconds (at most the limit of a test)
_END_LIMIT = 10.0

#: with so many tests to come, kit hears what happens in so many seconds at once: waking up costs as much as a test
_MANY, _BREATH = 100, 0.005

#: processes that may be lost without a test to blame, one after another, before kit gives up
_MOST_IDLE_LOSSES = 3


@dataclass
class RunPhase:
    """The batches to run, and by how many ``workers`` at a time; as many as ``most_workers`` while those wait.
    ``one_batch_each``: each gets one batch and ends. ``has_overlays``: each has a copy-on-write overlay of the files.
    """

    ledger: Ledger
    workers: int
    most_workers: int
    one_batch_each: bool
    has_overlays: bool


class WorkerPool:
    """Spawns children, hears them, holds them to their limits, and replaces those that are lost."""

    _run_phase: RunPhase  # the one that works, or has worked last

    def __init__(
        self,
        spec: RunSpec,
        collected: Collected,
        collector: Collector,
        supervisor: Supervisor,
        events: RunEvents,
        execution_log: ExecutionLog,
    ) -> None:
        self._spec, self._suite, self._collector, self._supervisor = spec, collected, collector, supervisor
        self._events, self._execution_log = events, execution_log
        self._memory, self._idleness = MemoryWatch(spec.options.memory_mb), Idleness()
        self._controller: PytestProcess | None = None  # the process in which the suite prepares its workers
        self._server: PytestProcess | None = None  # the process that children are forked from
        self._collecting: dict[int, Collection] = {}  # processes that collect again, by slot
        self._children: dict[int, Child] = {}
        self._terminated: dict[int, Child] = {}  # told to end, nobody listens to them any more; by slot
        self._suspected: Counter[int] = Counter()
        self._idle_losses = 0
        self._why_broken = ""
        self._has_spawned = False
        self._looked = self._told = 0.0

    def take_over(self) -> None:
        """Give the processes that are there their part in running the suite."""
        suite, self._controller = self._suite, self._suite.controller
        for collection in suite.others:
            self._expect(collection)
        if suite.forks:
            self._server = suite.process
        elif suite.is_worker and not suite.ledger.is_done:
            self._add(self._supervisor.put_to_work(suite.process, 0))
        elif suite.process is not suite.controller:
            self._supervisor.let_end(suite.process, self._end_limit)

    def keep_server(self) -> None:
        """Fork children from the process that has collected the suite, if that may be and none is there to do so."""
        if self._suite.forks and self._server is None and not self._collecting:
            self._server = self._suite.process

    def work(self, run_phase: RunPhase, until: float = math.inf) -> str | None:
        """Let children work until every test is finished, or it is too late; the problem that ended it."""
        self._run_phase = run_phase
        while not run_phase.ledger.is_done and time.monotonic() < until:
            if self._supervisor.is_late:
                return f"{self.too_late}."
            if self._idle_losses > _MOST_IDLE_LOSSES:
                why = f" ({self._why_broken})" if self._why_broken else ""
                is_for_names = self._suite.names_workers and not self._has_spawned
                advice = "; with --workers 1 none needs a name" if is_for_names else ""
                return f"The processes that run the tests died again and again between two tests{why}{advice}."
            self._spawn_missing()
            self._supervisor.wait(TICK)
            self._look_at_limits()
            if run_phase.ledger.unfinished > _MANY:
                time.sleep(_BREATH)
        return None

    @property
    def too_late(self) -> str:
        """What is said when the whole run has had its time."""
        return f"The run was ended after {self._spec.options.run_timeout_s:g} s, the limit for the whole run"

    def join(self) -> None:
        """All tests are finished: the children say goodbye, or are ended."""
        deadline = time.monotonic() + _IDLE_LIMIT
        while (self._children or self._terminated) and time.monotonic() < deadline:
            self._supervisor.wait(TICK)
            self._reap_terminated()
        self.kill_all()

    def kill_all(self) -> None:
        """End the children that are left."""
        for child in tuple(self._children.values()):
            self._supervisor.kill(child)
            self._remove(child, "done")

    def end(self) -> None:
        """Let pytest end its session."""
        for collection in self._collecting.values():
            self._supervisor.end(collection.process)
        for process in (self._server, self._controller):
            if process is not None:
                self._supervisor.let_end(process, self._end_limit)
        self._watch_session_ends(wait=True)

    # -- who works

    def _spawn_missing(self) -> None:
        """See to it that somebody works as long as batches wait."""
        spare = self._spec.options.most_workers  # the slot of a process that only collects
        taken = {*self._children, *self._terminated, *self._collecting}
        free = [slot for slot in range(self._run_phase.workers) if slot not in taken]
        about_to_pull = len(self._collecting) + sum(not self._run_phase.ledger.is_busy(slot) for slot in self._children)
        for slot in free[: max(0, self._run_phase.ledger.waiting - about_to_pull)]:
            if self._server is not None:
                self._fork(self._server, slot)
            elif not self._suite.forks:
                self._collect_again(slot)
            elif spare not in self._collecting:
                self._collect_again(spare)

    def _fork(self, server: PytestProcess, slot: int) -> None:
        child = self._supervisor.fork(server, slot, has_overlay=self._run_phase.has_overlays)
        if child is None:
            self._lose_server(server)
        else:
            self._add(child)

    def _add(self, child: Child) -> None:
        self._has_spawned = True
        self._children[child.slot] = child
        self._supervisor.listen(child.connection, lambda: self._hear(child))
        self._events.child(child.slot, "started")

    def _remove(self, child: Child, state: str, reason: str | None = None) -> None:
        del self._children[child.slot]
        if self._controller:
            self._controller.dismiss(child.slot)
        self._events.child(child.slot, state, reason)

    def _collect_again(self, slot: int) -> None:
        prepared = self._controller.prepare(slot) if self._controller else None
        has_overlay = self._run_phase.has_overlays and not self._suite.forks
        self._expect(self._collector.start(slot, quietly=True, prepared=prepared, has_overlay=has_overlay))

    def _expect(self, collection: Collection) -> None:
        """It will work as soon as it has collected."""
        self._collecting[collection.process.slot] = collection
        self._supervisor.listen(collection.process.connection, lambda: self._hear_collection(collection))

    def _hear_collection(self, collection: Collection) -> None:
        collection.read()
        slot = collection.process.slot
        if collection.ready and slot == self._spec.options.most_workers:
            self._server = collection.process
            self._supervisor.stop_listening(collection.process.connection)
        elif collection.ready:
            self._add(self._supervisor.put_to_work(collection.process, slot))
        elif collection.problem:
            is_for_its_name = collection.is_named and not self._has_spawned
            if not is_for_its_name or not self._collector.do_without_names(collection.trouble):
                self._idle_losses += 1
                self._why_broken = collection.trouble
            self._supervisor.end(collection.process)
        else:
            return
        del self._collecting[slot]

    # -- what children say

    def _hear(self, child: Child) -> None:
        for record in child.connection.receive():
            child.heard = time.monotonic()
            self._take(child, record)
        if child.said_bye:
            self._retire(child)
        elif child.connection.closed:
            self._reap(child)

    def _take(self, child: Child, record: Record) -> None:
        if record["kind"] in ("failure", "warning", "no_view"):
            getattr(self._events, record["kind"])(record)
        elif record["kind"] == "pull":
            batch = (
                ()
                if child.has_worked and self._run_phase.one_batch_each
                else self._run_phase.ledger.hand_out(child.slot)
            )
            child.has_worked = True
            child.connection.send({"batch": [(index, self._suite.nodeids[index]) for index in batch]})
        elif record["kind"] == "finished":
            if self._run_phase.ledger.finish(child.slot, record["index"]):
                self._idle_losses = 0
                self._events.finished(record, child.slot)
                self._execution_log.note(child.history, record["index"], record["seconds"] or 0.0)
                if record["newest_pid"] is not None:
                    child.ran.append((record["index"], record["newest_pid"]))
        elif record["kind"] == "measured":
            self._events.measured(child.slot)
        elif record["kind"] == "broken":
            self._why_broken = self._events.error(record)
        elif record["kind"] == "bye":
            child.said_bye = True

    def _retire(self, child: Child) -> None:
        """A child has done what it could; what it still holds, others take. What it has left behind ends with it."""
        self._events.leaked(child.left_behind())
        self._run_phase.ledger.take_back(child.slot)
        if child.is_fork:
            self._supervisor.kill(child)
        else:
            self._supervisor.let_end(child.parent, self._end_limit)
        self._remove(child, "done")

    # -- limits

    def _look_at_limits(self) -> None:
        now = time.monotonic()
        if now - self._looked < TICK:
            return
        self._looked = now
        for collection in tuple(self._collecting.values()):
            collection.tick(self._spec.options.collection_limit_s)
            if collection.problem:
                self._hear_collection(collection)
        for child in tuple(self._children.values()):
            self._check(child, self._supervisor.board.read(child.slot))
        self._look_at_memory()
        self._grow()
        self._reap_terminated()
        self._watch_session_ends()
        if now - self._told > _RUNNING_EVERY:
            self._told = now
            self._tell_what_runs()

    def _check(self, child: Child, current: Current) -> None:
        if current.index is None or not self._run_phase.ledger.holds(child.slot, current.index):
            if min(current.seconds, time.monotonic() - child.heard) > max(_IDLE_LIMIT, self._spec.options.timeout_s):
                self._reap(child)
            return
        limit = self._limit_of(current.index)
        if current.seconds > limit:
            if (again := self._still_runs(child, current.index)) is not None:
                self._time_out(child, again, limit)
            return
        is_slow = current.seconds > (self._spec.options.slow_s or limit / 2)
        if is_slow and not self._events.is_called_slow(current.index):
            self._events.slow(current.index, current, peek(child.pid))

    def _grow(self) -> None:
        """One more worker when those that are there leave processors idle: it costs no more than a fork."""
        if (
            self._run_phase.workers < self._run_phase.most_workers
            and self._server
            and self._run_phase.ledger.waiting
            and not self._run_phase.one_batch_each
        ):
            self._run_phase.workers += self._idleness.look(child.pid for child in self._children.values())

    def _look_at_memory(self) -> None:
        running = {slot: (child.pid, self._supervisor.board.read(slot).index) for slot, child in self._children.items()}
        excess = self._memory.look(running)
        if excess:
            child = self._children[excess.slot]
            child.pause()  # it would take more and more
            self._hear(child)
            if self._children.get(excess.slot) is child:
                self._kill_for_memory(child, excess)

    def _limit_of(self, index: int) -> float:
        return self._spec.options.limit_of(self._suite.nodeids[index])

    def _still_runs(self, child: Child, index: int) -> Current | None:
        """What stands on the board of this test, or ``None`` when it has finished just now."""
        self._hear(child)
        current = self._supervisor.board.read(child.slot)
        return current if current.index == index and self._run_phase.ledger.holds(child.slot, index) else None

    def _tell_what_runs(self) -> None:
        running = {slot: self._supervisor.board.read(slot) for slot in self._children}
        self._events.running({slot: each for slot, each in running.items() if self._is_held(slot, each)})

    def _is_held(self, slot: int, current: Current) -> bool:
        return current.index is not None and self._run_phase.ledger.holds(slot, current.index)

    # -- what goes wrong

    def _time_out(self, child: Child, current: Current, limit: float) -> None:
        """End a test that takes too long. From here on nothing counts that its process still says, since the signal for
        the stack can wake it up.
        """
        self._supervisor.stop_listening(child.connection)
        stack = dump_stack(child.pid, child.stacks)
        self._settle(child, current, "timed_out", timeout_reason(limit, current.phase), stack)
        if child.is_unguarded:
            self._supervisor.kill(child)
        else:
            child.terminate(self._spec.options.grace_s)
            self._terminated[child.slot] = child

    def _kill_for_memory(self, child: Child, excess: Excess) -> None:
        """End a child that takes too much memory. A test that has not taken most of it by itself is not to blame: it
        gets another child, once.
        """
        current, stack = self._supervisor.board.read(child.slot), peek(child.pid)
        self._supervisor.kill(child)
        if current.index is None or excess.is_of_the_test or self._suspected[current.index]:
            self._settle(child, current, "crashed", excess.reason, stack)
        else:
            self._suspected[current.index] += 1
            self._run_phase.ledger.take_back(child.slot)
            self._remove(child, "lost", excess.reason)

    def _reap_terminated(self) -> None:
        """Those who were told to end have done so, or have had their time."""
        for slot, child in tuple(self._terminated.items()):
            if child.has_ended or time.monotonic() > child.patience_ends:
                del self._terminated[slot]
                self._supervisor.kill(child)

    def _reap(self, child: Child) -> None:
        """A child is dead, or does nothing any more. The test that it ran, if any, is to blame; the others go on."""
        current, program = self._supervisor.board.read(child.slot), child.replaced_by
        returncode = self._supervisor.kill(child)
        if self._server is not None and self._server.connection.closed:
            self._lose_server(self._server)
        else:
            self._settle(child, current, "crashed", exit_reason(returncode, program), read_stack(child.stacks))

    def _settle(self, child: Child, current: Current, outcome: Outcome, reason: str, stack: str) -> None:
        is_blamed = self._blame(child.slot, current, outcome, reason, stack)
        if not is_blamed:
            self._idle_losses += 1
        self._run_phase.ledger.take_back(child.slot, one_by_one=not is_blamed)
        self._remove(child, "lost", reason)

    def _blame(self, slot: int, current: Current, outcome: Outcome, reason: str, stack: str = "") -> bool:
        """Give the test that ``slot`` ran its outcome; false when it ran none."""
        if current.index is None or not self._run_phase.ledger.finish(slot, current.index):
            return False
        self._events.ended(current.index, current, outcome, reason, stack)
        return True

    def _lose_server(self, server: PytestProcess) -> None:
        """The process that children are forked from is gone, and they with it. The suite is collected again; a test
        that ran in such a moment for the second time is to blame: it may have killed its parent or taken all memory.
        """
        self._server = None
        self._idle_losses += 1
        self._terminated.clear()  # they are gone with it
        reason = exit_reason(self._supervisor.end(server))
        for child in tuple(self._children.values()):
            self._supervisor.stop_listening(child.connection)
            child.forget()
            current = self._supervisor.board.read(child.slot)
            if current.index is not None:
                self._suspected[current.index] += 1
                if self._suspected[current.index] > 1:
                    self._blame(child.slot, current, "crashed", f"{reason}, with the process that it was forked from")
            self._run_phase.ledger.take_back(child.slot)
            self._remove(child, "lost", reason)

    @property
    def _end_limit(self) -> float:
        return min(_END_LIMIT, self._spec.options.timeout_s)

    def _watch_session_ends(self, *, wait: bool = False) -> None:
        for stack in self._supervisor.end_the_ended(wait=wait):
            self._events.hangs_at_end(self._end_limit, stack)
