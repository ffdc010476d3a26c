"""Runs a collected suite: all of its tests, and then its failures once more."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from kit.facts.ending import FailedEnd
from kit.facts.nodeids import nodeid_of
from kit.facts.suite import CollectionError
from kit.suite.collect.collected import Collected
from kit.suite.collect.collecting import Collector
from kit.suite.plan.ledger import Ledger, NoTests
from kit.suite.plan.run_spec import RunSpec
from kit.suite.process.overlays import overlays_work
from kit.suite.process.supervisor import Supervisor
from kit.suite.record.failures import FailureReader
from kit.suite.record.recorder import Recorder
from kit.suite.run.dying_objects import asking_for_objects
from kit.suite.run.execution_log import ExecutionLog
from kit.suite.run.files_alone import files_to_try, not_alone
from kit.suite.run.hidden_victims import Asking, HiddenVictims
from kit.suite.run.joining import first_phase
from kit.suite.run.leading import Lead
from kit.suite.run.line_search import failing_to_watch, keep_alike, not_seen, passing_beside
from kit.suite.run.questions import Questions
from kit.suite.run.rechecking import RerunResult, Round
from kit.suite.run.rechecks import Rechecks, not_rechecked
from kit.suite.run.rerunning import Rerunning
from kit.suite.run.run_events import RunEvents
from kit.suite.run.run_inputs import RunInputs, stands_for
from kit.suite.run.run_phase import RunPhase
from kit.suite.run.session_end import all_is_well, decides_itself, plain_end, plain_limit_s
from kit.suite.run.starts import Starts
from kit.suite.run.state_log import StateLog
from kit.suite.run.state_memory import StateMemory
from kit.suite.run.worker_pool import WorkerPool
from kit.target import note_touched

#: how much time it may take to watch lines, as a part of the time of the run, and in any case, in seconds
_LINES_SHARE, _LEAST_LINES_S = 0.2, 5.0


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
        self._reader = reader
        self._events = RunEvents(recorder, reader, collected.names)
        self._execution_log = ExecutionLog(collected.nodeids, each_alone=spec.forks_each)
        self._state_log = StateLog()
        self._questions: Questions | None = None  # to the process that runs now
        self._starts = Starts()
        self._watched: frozenset[int] = frozenset()  # failing tests whose lines are wanted when they run once more
        self._left_out: frozenset[int] = frozenset()  # tests that are not run once more
        self._pool = WorkerPool(
            spec, collected, collector, supervisor, self._events, self._execution_log, self._state_log, self._starts
        )

    def run(self) -> str | None:
        """Run all tests and recheck the failures; return the problem that ended the run early, if there was one."""
        began, options = time.monotonic(), self._spec.options
        if self._suite.has_overlays:
            self._events.overlays()
        again = self._rerunning if options.recheck_s > 0 else None
        self._pool.take_over()
        problem = self._pool.work(first_phase(options, self._suite))
        self._events.restarted(self._starts.untold())
        if problem:
            return problem
        lead = self._pool.leading.park(self._execution_log)
        self._pool.join()
        self._state_log.is_closed = True
        if self._spec.forks_each:
            self._state_log.looks.clear()
        self._left_out = self._pool.lethal  # nothing of their processes was left to the tests after them
        if again:
            took_s = time.monotonic() - began
            note_touched(self._spec.target.root)  # a test that is run again may change the same file again
            self._execution_log.load(self._recorder.earlier, self._suite.names)
            self._run_once_more(took_s, lead)
            self._watch_lines(took_s)
            if self._spec.choose is None and self._spec.collects_all:
                self._try_files_alone()
            left = not_rechecked(self._recorder.facts_of_session())
            if left and self._supervisor.is_late:
                return f"{self._pool.too_late}; {left}."
        has_failed_end = self._pool.end()
        return self._supervisor.misfits.problem or (self._settle_end(began, has_failed_end) if again else None)

    def experiment(self, tests: tuple[int, ...]) -> dict[int, RerunResult]:
        """Run these tests in one new process, in this order and with nothing beside them; return their results."""
        self._pool.keep_server()
        self._starts.forget()  # the user asks for it
        return self._rerunning.run_round(Round("in order", (tests,)))

    def _settle_end(self, began: float, has_failed_end: bool) -> str | None:
        """Ask plain pytest how its session ends where all is well and something may make that fail; the problem if that
        takes too long.
        """
        target, chosen = self._spec.target, self._spec.nodeids or self._spec.choose is not None
        if chosen or not (
            has_failed_end or self._pool.may_fail_at_exit or self._suite.end_hooks or decides_itself(target, self._root)
        ):
            return None
        if not all_is_well(self._recorder.facts_of_session()):
            return None
        self._supervisor.surroundings.forget()
        self._rerunning.restore()
        now = time.monotonic()
        limit_s = min(plain_limit_s(now - began), self._supervisor.ends_at - now)
        end = plain_end(target, self._root, self._reader, limit_s)
        if isinstance(end, FailedEnd):
            self._recorder.say("failed_end", end=end)
        return end if isinstance(end, str) else None

    def _try_files_alone(self) -> None:
        def collect(path: str) -> list[CollectionError]:
            self._rerunning.restore()
            return self._collector.errors_alone(nodeid_of(path, self._suite.rootdir), self._pool.server)

        files = (
            ()
            if self._supervisor.is_late
            else files_to_try(self._recorder.facts_of_session(), is_whole=not self._spec.nodeids)
        )
        for path, error in not_alone(files, collect):
            self._recorder.say("not_alone", path=path, error=error)

    def _run_once_more(self, took_s: float, lead: Lead) -> None:
        """Recheck the failures and search hidden victims; one plain run settles what both are in doubt about."""
        facts, ends_at, options = self._recorder.facts_of_session(), self._supervisor.ends_at, self._spec.options
        rechecks = Rechecks(
            options,
            self._events,
            self._rerunning,
            facts,
            self._execution_log,
            took_s,
            ends_at,
            has_overlays=self._suite.has_overlays,
            overlays_work=self._overlays_work,
            failures_now=lambda: self._recorder.facts_of_session().failures,
        )
        if options.records and not options.coverage:
            self._watched = failing_to_watch(facts, self._spec.gathered)
        files = [test.path for test in facts.tests]
        python = stands_for(self._spec.target.interpreter)
        inputs = RunInputs(files, self._suite.nodeids, self._rerunning.digests, python)
        settled = options.earlier.settled_states
        memory = StateMemory(inputs, files, settled, facts.results, lambda: rechecks.failing_alone)
        ask = Asking(self._ask, self._run_in_order, self._starts)
        search = HiddenVictims(facts, self._state_log, self._execution_log, self._events, ask, memory)
        if not lead.left:
            memory.settle_in_order(lead.done)
        self._let_go_on(lead, search)
        doubtful = rechecks.begin(search.led)
        wanted = search.begin(
            doubtful, rechecks.in_file, rechecks.untried, ends_at, rechecks.undecided, needs_all=rechecks.needs_all
        )
        until = ends_at if doubtful and options.most_workers > 1 else search.until
        plain = self._run_in_order(wanted.tests, until, wanted.questions) if wanted.tests else {}
        is_unwatched = wanted.questions.unwatched
        of_objects = asking_for_objects(doubtful, plain, ask, self._state_log, until) if is_unwatched else ()
        rechecks.end(plain, of_objects, search.seeing)
        search.end(plain, rechecks.passing_alone, rechecks.corrected, rechecks.needing_others)

    def _let_go_on(self, lead: Lead, search: HiddenVictims) -> None:
        """Let the leader run once more what others have run, and end. It cannot where tests have changed files: tests
        that are to come in a plain run may be among them.
        """
        if lead.left and (self._suite.has_overlays or not self._rerunning.has_changed):
            go_on, again, ends_at = self._pool.go_on, self._rerunning.go_on, self._supervisor.ends_at
            search.go_on(lead, lambda tests, until: again(self._startable(tests), until, go_on), ends_at)
        self._pool.go_on((), 0.0)

    def _watch_lines(self, took_s: float) -> None:
        """Find out which lines a few tests run, where failures show none of the app."""
        spec, facts = self._spec, self._recorder.facts_of_session()
        failing, self._watched = self._watched, frozenset()
        left = self._starts.left
        tests = tuple(sorted({*passing_beside(failing, facts, spec.gathered, left), *not_seen(failing, spec.gathered)}))
        until = min(self._supervisor.ends_at, time.monotonic() + max(_LEAST_LINES_S, _LINES_SHARE * took_s))
        if tests and time.monotonic() < until:
            keep_alike(facts, spec.gathered, self._run_in_order(tests, until, Questions(unwatched=True, lines=tests)))

    def _overlays_work(self) -> bool:
        interpreter = self._spec.target.interpreter
        return interpreter is not None and overlays_work(interpreter.executable)

    def _run_in_order(
        self, tests: tuple[int, ...], until: float, questions: Questions | None
    ) -> Mapping[int, RerunResult]:
        tests = self._startable(tests)
        if not tests or self._spec.forks_each:  # in a fork of its own no test could see what another has left
            return {}
        self._questions = questions
        try:
            return self._rerunning.run_round(Round("in order", (tests,)), until)
        finally:
            self._questions = None

    def _ask(self, names: tuple[tuple[str, ...], ...], until: float) -> None:
        """Ask a process that runs no test which tests can see states with these names."""
        if not self._suite.forks and self._pool.leading.ask(names, until):
            return
        self._rerunning.restore()
        self._work_afresh(NoTests(), 1, until, Questions(names=names))

    @cached_property
    def _rerunning(self) -> Rerunning:
        source, surroundings = self._spec.target.path, self._supervisor.surroundings
        return Rerunning(self._events, self._run_afresh, self._starts, source, self._root, surroundings)

    def _run_afresh(self, batches: tuple[tuple[int, ...], ...], workers: int, until: float) -> None:
        """Run batches, each in a new process."""
        kept = filter(None, map(self._startable, batches))
        self._work_afresh(Ledger(kept), workers, until, self._questions)

    def _startable(self, tests: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(index for index in tests if index not in self._left_out and self._starts.left(index) > 0)

    def _work_afresh(self, ledger: Ledger, workers: int, until: float, questions: Questions | None) -> None:
        has_overlays = self._suite.has_overlays and workers > 1
        questions = questions or Questions(unwatched=True, lines=self._watched)
        run_phase = RunPhase(ledger, workers, workers, True, has_overlays=has_overlays, questions=questions)
        self._pool.work(run_phase, until)
        if run_phase.ledger.is_done:
            self._pool.join()
        self._pool.kill_all()
