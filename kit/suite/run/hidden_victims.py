"""Finds the tests whose outcome in a plain run comes of state that earlier tests change, and names polluter and state.

Workers run files side by side, so a test may run without what a plain run would have changed before it. Plain order is
the judge: suspects run once more after the polluters, in plain order; where that makes a difference, a plain run up to
the last of them counts. Restoring states in forks, right before such a test, then names the state.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from kit.facts.outcomes import Outcome
from kit.facts.shared_state import StateChange
from kit.facts.suite import SuiteFacts
from kit.facts.wording import counted
from kit.suite.run.bisecting import bisection, settle
from kit.suite.run.execution_log import ExecutionLog
from kit.suite.run.questions import Questions
from kit.suite.run.rechecking import RerunResult, Verdict
from kit.suite.run.run_events import RunEvents
from kit.suite.run.state_log import Change, Look, StateLog
from kit.suite.run.state_memory import StateMemory
from kit.suite.run.state_suspects import Suspicion, names_of, suspicion

#: how much time all of this may take, as a multiple of the time of all tests one after the other, and in any case
_SHARE, _LEAST_S = 2.0, 60.0

#: a failure that more tests than this show comes of the code, and not of the tests before each of them
_MOST_ALIKE = 20

#: for how many victims the polluter is searched by running fewer and fewer tests, when no state names it
_MOST_SEARCHED = 20

#: outcomes with which a test that was run once more counts
_RUN = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")


#: runs tests in one new process, in this order, until a moment, and asks it about states
RunInOrder = Callable[[tuple[int, ...], float, Questions | None], Mapping[int, RerunResult]]


class HiddenVictims:
    """The search of one run, once all tests are run and the failures rechecked."""

    def __init__(
        self,
        facts: SuiteFacts,
        log: StateLog,
        execution_log: ExecutionLog,
        events: RunEvents,
        run: RunInOrder,
        memory: StateMemory,
    ) -> None:
        """``memory`` knows what earlier runs have settled."""
        self._results, self._log, self._execution_log = facts.results, log, execution_log
        self._events, self._run, self._memory = events, run, memory
        self._alike = _failing_alike(facts)
        self._readers: dict[tuple[str, ...], frozenset[int]] = {}
        self._until = 0.0

    def settle(self, ends_at: float) -> None:
        """Search, correct outcomes, and record what was found; at the moment ``ends_at`` it has to be over."""
        limit = max(_LEAST_S, _SHARE * self._execution_log.seconds)
        self._until = min(ends_at, time.monotonic() + limit)
        suspected = self._suspicion() if self._log.looks else Suspicion()
        differing = self._differing(suspected)
        plain = self._plain_run(differing, suspected)
        victims = self._corrected(differing, plain)
        victims |= {index: "passed" for index, result in enumerate(self._results) if result.alone == "passes_alone"}
        unasked = self._unasked(set(victims))
        if victims or unasked:
            self._name(victims, unasked, suspected)
        self._record_limits()

    def _suspicion(self) -> Suspicion:
        names = names_of(self._log.looks)
        places = self._execution_log.places()
        shortest = min(places, key=lambda index: self._results[index].seconds or 0.0)
        self._run((shortest,), self._until, Questions(names=tuple(names)))
        self._readers = dict(zip(names, map(frozenset, self._log.readers), strict=False))
        return suspicion(self._log.looks, self._readers, places, self._need_not_be_asked)

    def _need_not_be_asked(self, look: Look, change: Change, index: int) -> bool:
        """Whether a test is known to be indifferent to a change, or fails just like many others do."""
        return index in self._alike or self._memory.is_settled(look, change, index)

    def _unasked(self, known: set[int]) -> set[int]:
        """The failing tests that there was no time to run alone, and that can see a state changed before them."""
        failing = {
            index
            for index, result in enumerate(self._results)
            if result.outcome in ("failed", "error") and result.alone is None and index not in known
        }
        return {
            index
            for look in self._log.looks
            for change in look.changes
            for index in failing & self._readers.get(change.names, frozenset())
            if index > look.first
        }

    def _differing(self, suspected: Suspicion) -> dict[int, RerunResult]:
        """The tests with another outcome after the polluters, in plain order; remember what makes no difference."""
        if not suspected.suspects:
            return {}
        seen = self._run(suspected.tests, self._until, None)
        differing = self._different(seen)
        if differing:  # a test that differs by chance does not differ twice, and a plain run takes long
            again = self._different(self._run(suspected.tests, self._until, None))
            differing = {index: one for index, one in differing.items() if index in again}
        for look, change, suspects in suspected.questions:
            self._memory.settle(look, change, suspects & seen.keys(), {*differing, *(suspects - seen.keys())})
        return differing

    def _different(self, seen: Mapping[int, RerunResult]) -> dict[int, RerunResult]:
        return {
            index: result
            for index, result in seen.items()
            if result.outcome in _RUN and result.outcome != self._results[index].outcome
        }

    def _plain_run(self, differing: Mapping[int, RerunResult], suspected: Suspicion) -> dict[int, RerunResult]:
        """What tests do in a plain run up to the last of those that differ, as far as that is another outcome."""
        if not differing:
            return {}
        tests = self._execution_log.suite[: max(differing) + 1]
        if set(tests) <= set(suspected.tests):
            return dict(differing)
        seen = self._run(tests, self._until, None)
        return self._different(seen) if seen.keys() >= differing.keys() else dict(differing)

    def _corrected(self, differing: Mapping[int, RerunResult], plain: Mapping[int, RerunResult]) -> dict[int, Outcome]:
        """Record the outcomes of the plain run; each corrected test with the outcome that it had before."""
        corrected: dict[int, Outcome] = {}
        for index in sorted(differing.keys() & plain.keys()):
            was = self._results[index].outcome
            kind: Literal["passes_alone", "needs_others"] = "passes_alone" if plain[index].is_bad else "needs_others"
            self._events.rechecked(index, was, Verdict(kind, plain[index]))
            corrected[index] = was
        return corrected

    # -- naming

    def _name(self, victims: Mapping[int, Outcome], unasked: set[int], suspected: Suspicion) -> None:
        """Find out and record which states the victims depend on, and who changes these.

        Of the ``unasked``, those are victims that pass when states are put back.
        """
        asked: dict[int, Outcome] = {**victims, **dict.fromkeys(unasked, "passed")}
        tests = self._before_all(asked, suspected)
        self._run(tests, self._until, Questions(wanted=asked))
        searched = 0
        for index, instead in sorted(asked.items()):
            states = self._log.named.get(index, [])
            if index in unasked and not states:
                continue
            if index in unasked:
                self._events.rechecked(index, self._results[index].outcome, Verdict("passes_alone"))
            polluters = sorted({state["by"] for state in states})
            if not states and searched < _MOST_SEARCHED:
                searched += 1
                polluters = self._search(index, tests)
            changes = [StateChange(state["path"], state["before"], state["after"]) for state in states]
            self._events.polluted(index, instead, polluters, changes)

    def _before_all(self, victims: Iterable[int], suspected: Suspicion) -> tuple[int, ...]:
        """The victims and the tests that may have changed what they see, in plain order."""
        before = {test for index in victims for test in self._execution_log.before(index)}
        return tuple(sorted({*victims, *suspected.polluters, *before}))

    def _search(self, index: int, tests: Sequence[int]) -> list[int]:
        """The tests that change the outcome of this one, by running it after fewer and fewer of them."""

        def fails_after(before: tuple[int, ...]) -> bool:
            seen = self._run((*before, index), self._until, None).get(index)
            return seen is None or seen.is_bad

        found, _ = settle(bisection([test for test in tests if test < index]), fails_after)
        return list(found.by)

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
