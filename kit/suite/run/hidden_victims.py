"""Finds the tests whose outcome in a plain run comes of state that earlier tests change, and names polluter and state.

Workers run files side by side, so a test may run without what a plain run would have changed before it. Plain order is
the judge: suspects run once more after the polluters, in plain order; where that makes a difference, a plain run up to
the last of them counts. There, the code that such a test runs shows which of the changed states it sees.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from kit.facts.outcomes import Outcome
from kit.facts.shared_state import StateChange
from kit.facts.suite import SuiteFacts
from kit.facts.wording import counted
from kit.suite.run.dependent_skips import missing_dependencies
from kit.suite.run.execution_log import ExecutionLog
from kit.suite.run.leading import Lead
from kit.suite.run.polluters import Polluters
from kit.suite.run.questions import Questions
from kit.suite.run.rechecking import RerunResult, Verdict
from kit.suite.run.run_events import RunEvents
from kit.suite.run.starts import Starts
from kit.suite.run.state_log import Look, StateLog
from kit.suite.run.state_memory import StateMemory
from kit.suite.run.state_suspects import before
from kit.suite.run.suspect_search import SuspectSearch

#: how much time all of this may take, as a multiple of the time of all tests one after the other, and in any case
_SHARE, _LEAST_S = 2.0, 60.0

#: how long it may take in any case to find out which of several tests has changed a state, in seconds
_LEAST_NAMING_S = 20.0

#: runs tests in one new process, in this order, until a moment, and asks it about states
RunInOrder = Callable[[tuple[int, ...], float, Questions | None], Mapping[int, RerunResult]]


@dataclass(frozen=True)
class Asking:
    """How to find out more: ``names`` asks a process which tests can see states with these names, ``run`` runs tests
    once more; ``starts`` has how often each may still be started.
    """

    names: Callable[[tuple[tuple[str, ...], ...], float], None]
    run: RunInOrder
    starts: Starts


@dataclass(frozen=True)
class PlainRun:
    """The ``tests`` to run in plain order, and what to ask the process that runs them."""

    tests: tuple[int, ...] = ()
    questions: Questions = field(default_factory=Questions)


class HiddenVictims:
    """The search of one run, once all tests are run and the failures have run alone."""

    def __init__(
        self,
        facts: SuiteFacts,
        log: StateLog,
        execution_log: ExecutionLog,
        events: RunEvents,
        asking: Asking,
        memory: StateMemory,
    ) -> None:
        """``memory`` knows what earlier runs have settled."""
        self._results, self._log, self._execution_log = facts.results, log, execution_log
        self._events, self._asking, self._memory = events, asking, memory
        self._found = SuspectSearch(facts, log, execution_log, memory, lambda names: asking.names(names, self.until))
        self._waiting = missing_dependencies(facts, execution_log)
        self._suspects: set[int] = set()  # the plain run has the last word on them
        self._seen: dict[int, RerunResult] = {}  # and this, where there is none
        self._ends = False  # whether the plain run is of all tests
        self._ends_at = self.until = 0.0
        #: what tests did that the leader ran once more, in plain order
        self.led: Mapping[int, RerunResult] = {}

    @property
    def seeing(self) -> frozenset[int]:
        """The tests that have seen a state that others have changed."""
        return frozenset(index for index, states in self._log.named.items() if states)

    def go_on(
        self, lead: Lead, run: Callable[[tuple[int, ...], float], Mapping[int, RerunResult]], ends_at: float
    ) -> None:
        """Find the suspects, and let the leader ``run`` those that it has not run; at ``ends_at`` it has to be over."""
        self._limit(ends_at)
        self.led = self._found.go_on(lead, lambda tests: run(tests, self.until))
        self._seen = self._found.different(self.led)

    def _limit(self, ends_at: float) -> None:
        limit = max(_LEAST_S, _SHARE * self._execution_log.seconds)
        self._ends_at, self.until = ends_at, min(ends_at, time.monotonic() + limit)

    def begin(
        self,
        doubtful: Collection[int],
        in_file: Collection[int],
        untried: Iterable[int],
        ends_at: float,
        undecided: Collection[int] = (),
        needs_all: bool = False,
    ) -> PlainRun:
        """Find the suspects, and run them after the polluters; the plain run that is needed then, if one is.

        At the moment ``ends_at`` it has to be over. ``doubtful`` are tests that this plain run has to settle in any
        case: then it settles the suspects as well. Of those ``in_file`` it needs no more than their file, unless they
        are suspects. ``untried`` are failing tests that there was no time to run alone: those that can see a changed
        state run in a fork without it, in place of that. A plain run of all tests up to some goes on to those that are
        ``undecided``: nothing else has the last word on them. ``needs_all``: it runs all tests, and its teardowns
        count.
        """
        self._limit(ends_at)
        suspects = {*self._found.found.suspects, *self._seen}
        left = self._asking.starts.left
        twice = {index for index in untried if index not in self._found.alike and left(index) > 1} if doubtful else ()
        restored = self._found.seeing(twice)
        if not doubtful and not self._waiting:
            if suspects - self._seen.keys():
                return self._after_polluters(suspects)
            self._suspects = suspects
            return self._plain_run(suspects) if suspects else PlainRun()
        self._suspects = (suspects - {*doubtful}) | self._waiting
        judged = self._suspects | restored | {*doubtful}
        needed = judged - ({*in_file} - suspects)
        after_all = self._execution_log.suite if needs_all else self._up_to(needed | {*undecided} if needed else ())
        self._ends = needs_all
        tests = {*after_all}.union(*map(self._execution_log.missed, in_file))
        questions = self._about(judged, restored) if self._found.seeing(judged) else Questions(unwatched=True)
        return PlainRun(tuple(sorted(tests)), questions)

    def end(
        self,
        plain: Mapping[int, RerunResult],
        passing_alone: Iterable[int],
        corrected: Collection[int] = (),
        needing_others: Iterable[int] = (),
    ) -> None:
        """Correct outcomes by what tests did in the ``plain`` run, and record what was found; those that are
        ``corrected`` already have their verdict, among them those ``needing_others``.
        """
        judged = {**self._seen, **plain}
        every = self._found.different(judged)
        ended = {index for index, one in plain.items() if self._ends and one.phase == "teardown"}
        judging = (self._suspects | ended) - {*corrected}
        differing = {index: one for index, one in every.items() if index in judging}
        if not self._seen:
            self._found.settle(judged, every)
        passing = [*passing_alone, *self._passing_in_forks(judged)]
        victims: dict[int, Outcome] = {**dict.fromkeys(passing, "passed"), **self._corrected(differing)}
        victims |= {index: self._results[index].outcome for index in needing_others}
        self._record_polluters(victims)
        self._found.settle_names(every)
        self._record_limits()

    def _record_polluters(self, victims: Mapping[int, Outcome]) -> None:
        seen = {index: self._log.named[index] for index in sorted(victims) if self._log.named.get(index)}
        polluters = Polluters(seen, self._look_at_each)
        for index, states in seen.items():
            by = [polluters.of(index, state) for state in states]
            changes = [
                StateChange(state["path"], state["before"], state["after"])
                for state, polluter in zip(states, by, strict=True)
                if polluter is not None or index not in state["by"]  # otherwise the test itself has changed it
            ]
            if changes:
                self._events.polluted(index, victims[index], sorted({one for one in by if one is not None}), changes)

    def _look_at_each(self, tests: tuple[int, ...]) -> Sequence[Look]:
        self._log.later_looks.clear()
        until = min(self._ends_at, max(self.until, time.monotonic() + _LEAST_NAMING_S))
        self._asking.run(tests, until, Questions(each=tests))
        return self._log.later_looks

    def _after_polluters(self, suspects: set[int]) -> PlainRun:
        """Run the suspects after the polluters, in plain order, and remember what makes no difference.

        A test that differs by chance does not differ in the plain run too. Where a test has no start left for that,
        this run has the last word.
        """
        tests = self._found.found.tests
        group, starts = {*tests}, self._asking.starts
        left = {index: starts.left(index) - (index in group) for index in self._up_to(suspects) if starts.left(index)}
        is_last = min(left.values(), default=0) < 1
        seen = self._asking.run(tests, self.until, self._about(suspects if is_last else ()))
        differing = self._found.different({index: seen[index] for index in suspects & seen.keys()})
        self._found.settle(seen, differing)
        self._suspects, self._seen = set(differing), differing
        return PlainRun() if is_last or not differing else self._plain_run(differing)

    def _plain_run(self, differing: Collection[int]) -> PlainRun:
        polluters = before(differing, self._log.looks, self._found.readers)  # they cannot run once more after that
        each = {index for one in polluters for index in (one - 1, one)}
        return PlainRun(self._up_to(differing), self._about(differing, each=each))

    def _up_to(self, indexes: Collection[int]) -> tuple[int, ...]:
        return self._execution_log.suite[: max(indexes, default=-1) + 1]

    def _about(self, tests: Collection[int], restored: Collection[int] = (), each: Collection[int] = ()) -> Questions:
        """Ask these tests which changed states they see; look after ``each`` of some."""
        outcomes = {index: self._results[index].outcome for index in tests}
        apart = self._execution_log.apart().intersection(tests)
        return Questions(seen=outcomes, restored=restored, apart=apart, each=each)

    def _passing_in_forks(self, judged: Mapping[int, RerunResult]) -> list[int]:
        """Record which failing tests failed again in the plain run, and passed in a fork without what had changed."""
        found = [one for one, seen in judged.items() if seen.is_bad and self._log.without.get(one) == "passed"]
        for index in found:
            self._events.rechecked(index, self._results[index].outcome, Verdict("passes_alone"))
        return found

    def _corrected(self, differing: Mapping[int, RerunResult]) -> dict[int, Outcome]:
        """Record the outcomes of the plain run; each corrected test with the outcome that it had before."""
        corrected: dict[int, Outcome] = {}
        for index, seen in sorted(differing.items()):
            was = self._results[index].outcome
            kind: Literal["passes_alone", "needs_others"] = "passes_alone" if seen.is_bad else "needs_others"
            self._events.rechecked(index, was, Verdict(kind, seen))
            corrected[index] = was
        return corrected

    def _record_limits(self) -> None:
        if answers := self._memory.answers():
            self._events.state_settled(answers)
        sentences = list(_limits(self._log))
        if sentences:
            self._events.state_watch(" ".join(sentences))


def _limits(log: StateLog) -> Iterator[str]:
    if log.lost:
        yield f"kit could not watch the state that tests share ({log.lost}): a test may fail in plain order alone."
    if log.skipped:
        times = counted(log.skipped, "time")
        yield f"To save time, kit did not look {times} at the state that tests share."
    if log.left_out:
        yield f"{log.left_out:,} changed states were not looked into: one look found too many."
