"""Runs a collected suite: all of its tests, and then its failures once more."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from kit.facts.nodeids import nodeid_of
from kit.suite.collect.collected import Collected
from kit.suite.collect.collecting import Collector
from kit.suite.collect.collection import Collection
from kit.suite.plan.ledger import Ledger
from kit.suite.plan.run_spec import RunSpec
from kit.suite.process.supervisor import Supervisor
from kit.suite.record.failures import FailureReader
from kit.suite.record.recorder import Recorder
from kit.suite.run.execution_log import ExecutionLog
from kit.suite.run.files_alone import files_to_try, not_alone
from kit.suite.run.hidden_victims import HiddenVictims
from kit.suite.run.questions import Questions
from kit.suite.run.rechecking import RerunResult, Round
from kit.suite.run.rerunning import Rerunning, not_rechecked
from kit.suite.run.run_events import RunEvents
from kit.suite.run.run_phase import RunPhase
from kit.suite.run.state_log import StateLog
from kit.suite.run.state_memory import StateMemory
from kit.suite.run.worker_pool import WorkerPool
from kit.target import note_touched
from kit.wire.short_ids import is_short_id


class Running:
    """One run of a suite."""

    def __init__(
        self,
        spec: RunSpec,
        collected: Collected,
        collector: Collector,
        recorder: Recorder,
        reader: FailureReader,
        supervisor: Supervisor,
    ) -> None:
        self._spec, self._suite, self._root = spec, collected, Path(collector.root)
        self._recorder, self._supervisor, self._collector = recorder, supervisor, collector
        self._events = RunEvents(recorder, reader, collected.names)
        self._execution_log = ExecutionLog(collected.nodeids)
        self._state_log = StateLog()
        self._questions: Questions | None = None  # to the process that runs now
        self._left_out: frozenset[int] = frozenset()  # tests that are not run once more
        self._pool = WorkerPool(
            spec, collected, collector, supervisor, self._events, self._execution_log, self._state_log
        )

    def run(self) -> str | None:
        """Run all tests and recheck the failures; return the problem that ended the run early, if there was one."""
        began, options = time.monotonic(), self._spec.options
        if self._suite.has_overlays:
            self._events.overlays()
        again = self._rerunning if options.recheck_s > 0 else None
        self._pool.take_over()
        problem = self._pool.work(
            RunPhase(
                self._suite.ledger,
                workers=options.workers,
                most_workers=options.workers if self._suite.names_workers else options.most_workers,
                one_batch_each=options.isolation in ("file", "test"),
                has_overlays=self._suite.has_overlays,
            )
        )
        if problem:
            return problem
        self._pool.join()
        self._state_log.is_closed = True
        self._left_out = self._pool.lethal  # nothing of their processes was left to the tests after them
        if again:
            took_s = time.monotonic() - began
            note_touched(self._spec.target.root)  # a test that is run again may change the same file again
            self._execution_log.load(self._recorder.earlier, self._suite.names)
            again.recheck(self._recorder.facts_of_session(), self._execution_log, took_s, self._supervisor.ends_at)
            self._search_hidden_victims()
            if self._spec.choose is None and (not self._spec.nodeids or any(map(is_short_id, self._spec.nodeids))):
                self._try_files_alone()
            left = not_rechecked(self._recorder.facts_of_session())
            if left and self._supervisor.is_late:
                return f"{self._pool.too_late}; {left}."
        self._pool.end()
        return self._supervisor.misfits.problem

    def experiment(self, tests: tuple[int, ...]) -> dict[int, RerunResult]:
        """Run these tests in one new process, in this order and with nothing beside them; return their results."""
        self._pool.keep_server()
        return self._rerunning.run_round(Round("in order", (tests,)))

    def _try_files_alone(self) -> None:
        def collect(path: str) -> Collection:
            self._rerunning.restore()
            return self._collector.collect_alone(nodeid_of(path, self._suite.rootdir))

        files = (
            ()
            if self._supervisor.is_late
            else files_to_try(self._recorder.facts_of_session(), is_whole=not self._spec.nodeids)
        )
        for path, error in not_alone(files, collect):
            self._recorder.say("not_alone", path=path, error=error)

    def _search_hidden_victims(self) -> None:
        search = HiddenVictims(
            self._recorder.facts_of_session(),
            self._state_log,
            self._execution_log,
            self._events,
            self._run_in_order,
            self._state_memory(),
        )
        search.settle(self._supervisor.ends_at)

    def _state_memory(self) -> StateMemory:
        files = [test.path for test in self._recorder.facts_of_session().tests]
        return StateMemory(self._root, files, self._suite.modules, self._spec.options.earlier.settled_states)

    def _run_in_order(
        self, tests: tuple[int, ...], until: float, questions: Questions | None
    ) -> Mapping[int, RerunResult]:
        self._questions = questions
        try:
            return self._rerunning.run_round(Round("in order", (tests,)), until)
        finally:
            self._questions = None

    @cached_property
    def _rerunning(self) -> Rerunning:
        return Rerunning(self._spec.options, self._events, self._run_afresh, self._spec.target.path, self._root)

    def _run_afresh(self, batches: tuple[tuple[int, ...], ...], workers: int, until: float) -> None:
        """Run batches, each in a new process."""
        has_overlays = self._suite.has_overlays and workers > 1
        kept = (tuple(index for index in batch if index not in self._left_out) for batch in batches)
        run_phase = RunPhase(
            Ledger(filter(None, kept)), workers, workers, True, has_overlays=has_overlays, questions=self._questions
        )
        self._pool.work(run_phase, until)
        if run_phase.ledger.is_done:
            self._pool.join()
        self._pool.kill_all()
