"""Finds the tests whose outcome in a plain run comes of state that earlier tests change, and names polluter and state.

Workers run files side by side, so a test may run without what a plain run would have changed before it. Plain order is
the judge: suspects run once more after the polluters, in plain order; where that makes a difference, a plain run up to
the last of them counts. There, the code that such a test runs shows which of the changed states it sees.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from kit.facts.outcomes import Outcome
from kit.facts.shared_state import StateChange
from kit.facts.suite import SuiteFacts
from kit.facts.wording import counted
from kit.suite.run.dependent_skips import missing_dependencies
from kit.suite.run.execution_log import ExecutionLog
from kit.suite.run.polluters import Polluters
from kit.suite.run.questions import Questions
from kit.suite.run.rechecking import RerunResult, Verdict
from kit.suite.run.run_events import RunEvents
from kit.suite.run.starts import Starts
from kit.suite.run.state_log import LoggedChange, Look, StateLog
from kit.suite.run.state_memory import StateMemory
from kit.suite.run.state_suspects import Suspicion, before, names_of, suspicion, with_makers

#: how much time all of this may take, as a multiple of the time of all tests one after the other, and in any case
_SHARE, _LEAST_S = 2.0, 60.0

#: how long it may take in any case to find out which of several tests has changed a state, in seconds
_LEAST_NAMING_S = 20.0

#: a failure that more tests than this show comes of the code, and not of the tests before each of them
_MOST_ALIKE = 20

#: outcomes with which a test that was run once more counts
_RUN = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")


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
        self._alike = _failing_alike(facts)
        self._waiting = missing_dependencies(facts, execution_log)
        self._suspected = Suspicion()
        self._suspects: set[int] = set()  # the plain run has the last word on them
        self._seen: dict[int, RerunResult] = {}  # and this, where there is none
        self._readers: dict[tuple[str, ...], frozenset[int]] = {}
        self._ends = False  # whether the plain run is of all tests
        self._same: set[int] = set()  # the suspects that did in plain order what they had done
        self._ends_at = self.until = 0.0

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
        limit = max(_LEAST_S, _SHARE * self._execution_log.seconds)
        self._ends_at, self.until = ends_at, min(ends_at, time.monotonic() + limit)
        self._suspected = self._suspicion() if self._log.looks else Suspicion()
        suspects = {*self._suspected.suspects}
        left = self._asking.starts.left
        twice = {index for index in untried if index not in self._alike and left(index) > 1} if doubtful else ()
        restored = self._seeing(twice)
        if not doubtful and not self._waiting:
            return self._after_polluters(suspects) if suspects else PlainRun()
        self._suspects = (suspects - {*doubtful}) | self._waiting
        judged = self._suspects | restored | {*doubtful}
        needed = judged - ({*in_file} - suspects)
        after_all = self._execution_log.suite if needs_all else self._up_to(needed | {*undecided} if needed else ())
        self._ends = needs_all
        tests = {*after_all}.union(*map(self._execution_log.missed, in_file))
        questions = self._about(judged, restored) if self._seeing(judged) else Questions(unwatched=True)
        return PlainRun(tuple(sorted(tests)), questions)

    def _seeing(self, tests: Iterable[int]) -> frozenset[int]:
        """Those of the tests that can see a state that a test before them has changed."""
        every = frozenset(tests)
        seeing = (
            (every & self._readers.get(change.names, frozenset()), look.first)
            for look in self._log.looks
            for change in look.changes
        )
        return frozenset(index for indexes, first in seeing for index in indexes if index > first)

    def end(
        self, plain: Mapping[int, RerunResult], passing_alone: Iterable[int], corrected: Collection[int] = ()
    ) -> None:
        """Correct outcomes by what tests did in the ``plain`` run, and record what was found; those that are
        ``corrected`` already have their verdict.
        """
        judged = {**self._seen, **plain}
        every = self._different(judged)
        ended = {index for index, one in plain.items() if self._ends and one.phase == "teardown"}
        judging = (self._suspects | ended) - {*corrected}
        differing = {index: one for index, one in every.items() if index in judging}
        if not self._seen:
            self._remember(judged, every)
        passing = [*passing_alone, *self._passing_in_forks(judged)]
        victims: dict[int, Outcome] = {**dict.fromkeys(passing, "passed"), **self._corrected(differing)}
        self._record_polluters(victims)
        self._remember_names(every)
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

    def _suspicion(self) -> Suspicion:
        names = names_of(self._log.looks, self._memory.is_harmless)
        if not names:
            return Suspicion()
        self._asking.names(tuple(names), self.until)
        asked = dict(zip(names, map(frozenset, self._log.readers), strict=False))
        self._readers = with_makers(self._log.looks, asked)
        return suspicion(self._log.looks, self._readers, self._execution_log.places(), self._need_not_be_asked)

    def _need_not_be_asked(self, look: Look, change: LoggedChange, index: int) -> bool:
        """Whether a test is known to be indifferent to a change, or fails just like many others do."""
        return index in self._alike or self._memory.is_settled(look, change, index)

    def _after_polluters(self, suspects: set[int]) -> PlainRun:
        """Run the suspects after the polluters, in plain order, and remember what makes no difference.

        A test that differs by chance does not differ in the plain run too. Where a test has no start left for that,
        this run has the last word.
        """
        group = {*self._suspected.tests}
        starts = self._asking.starts
        left = {index: starts.left(index) - (index in group) for index in self._up_to(suspects) if starts.left(index)}
        is_last = min(left.values(), default=0) < 1
        seen = self._asking.run(self._suspected.tests, self.until, self._about(suspects if is_last else ()))
        differing = self._different({index: seen[index] for index in suspects & seen.keys()})
        self._remember(seen, differing)
        self._suspects, self._seen = set(differing), differing
        if is_last or not differing:
            return PlainRun()
        polluters = before(differing, self._log.looks, self._readers)  # they cannot run once more after that
        each = {index for one in polluters for index in (one - 1, one)}
        return PlainRun(self._up_to(differing), self._about(differing, each=each))

    def _up_to(self, indexes: Collection[int]) -> tuple[int, ...]:
        return self._execution_log.suite[: max(indexes, default=-1) + 1]

    def _about(self, tests: Collection[int], restored: Collection[int] = (), each: Collection[int] = ()) -> Questions:
        """Ask these tests which changed states they see; look after ``each`` of some."""
        outcomes = {index: self._results[index].outcome for index in tests}
        apart = self._execution_log.apart().intersection(tests)
        return Questions(seen=outcomes, restored=restored, apart=apart, each=each)

    def _remember(self, seen: Mapping[int, RerunResult], differing: Mapping[int, RerunResult]) -> None:
        for look, change, suspects in self._suspected.questions:
            self._memory.settle(look, change, suspects & seen.keys(), {*differing, *(suspects - seen.keys())})
        again = [one for one in self._suspected.suspects if one in seen]
        same = {one for one in again if seen[one].outcome == self._results[one].outcome}
        self._same |= same
        self._memory.settle_in_order(same)

    def _remember_names(self, differing: Collection[int]) -> None:
        """Remember the names of states that made no difference to any test that can see them."""
        doubtful = {*differing, *(one for one in self._suspected.suspects if one not in self._same)}
        for look in self._log.looks:
            for names in {change.names for change in look.changes} & self._readers.keys():
                if not self._readers[names] & doubtful:
                    self._memory.settle_names(look, names)

    def _different(self, seen: Mapping[int, RerunResult]) -> dict[int, RerunResult]:
        return {
            index: result
            for index, result in seen.items()
            if result.outcome in _RUN and result.outcome != self._results[index].outcome
        }

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
        yield f"To save time, kit did not look {times} at the state that tests share between two files."
    if log.left_out:
        yield f"{log.left_out:,} changed states were not looked into: one look found too many."


def _failing_alike(facts: SuiteFacts) -> frozenset[int]:
    """The tests, by their place, whose failure many tests show."""
    roots = {identity: (one.chain[-1].type, one.chain[-1].message) for identity, one in facts.failures.items()}
    shown = [roots.get(result.failure or "") for result in facts.results]
    counts = Counter(root for root in shown if root is not None)
    return frozenset(index for index, root in enumerate(shown) if root is not None and counts[root] > _MOST_ALIKE)
