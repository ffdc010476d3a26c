"""The suspects of one run: tests that have not seen the state that they would see in a plain run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import count, takewhile

from kit.facts.suite import SuiteFacts
from kit.suite.run.alike import failing_alike
from kit.suite.run.execution_log import ExecutionLog
from kit.suite.run.leading import Lead
from kit.suite.run.rechecking import RerunResult
from kit.suite.run.state_log import LoggedChange, Look, StateLog
from kit.suite.run.state_memory import StateMemory
from kit.suite.run.state_suspects import Suspicion, before, names_of, suspicion, with_makers

#: outcomes with which a test that was run once more counts
_RUN = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")

#: asks a process which tests can see states with these names
AskForNames = Callable[[tuple[tuple[str, ...], ...]], None]


class SuspectSearch:
    """Which tests are suspects, and what is known of them by now."""

    def __init__(
        self, facts: SuiteFacts, log: StateLog, execution_log: ExecutionLog, memory: StateMemory, ask: AskForNames
    ) -> None:
        """``memory`` knows what earlier runs have settled, and learns what this one adds."""
        self._results, self._log, self._execution_log = facts.results, log, execution_log
        self._memory, self._ask = memory, ask
        #: tests that fail just like many others do
        self.alike = failing_alike(facts)
        #: the tests that can see a changed state, by its names
        self.readers: dict[tuple[str, ...], frozenset[int]] = {}
        self._found: Suspicion | None = None

    @property
    def found(self) -> Suspicion:
        """Those of which it is not known whether the state makes a difference, with those that change it."""
        if self._found is None:
            self._found = self._find() if self._log.looks else Suspicion()
        return self._found

    def go_on(
        self, lead: Lead, run: Callable[[tuple[int, ...]], Mapping[int, RerunResult]]
    ) -> Mapping[int, RerunResult]:
        """Let the leader ``run`` those that have run elsewhere, in plain order: those that do the same are suspects no
        more. Returns what all of them did.

        Where there are none, it runs none unless it keeps fixtures. It begins with the first test that it has not run,
        for which it keeps them, and ends with the last one of the suite, after which a plain run tears everything down.
        What failed in a teardown is left out: only a whole plain run tells when things are torn down.
        """
        suspects = frozenset(self.found.suspects)
        ends = {lead.left[0], lead.left[-1]} if suspects or lead.keeps else set()
        torn = {index for index in lead.left if self._results[index].phase == "teardown"}
        seen = run(tuple(sorted(ends.union(frozenset(lead.left).intersection(self.found.tests)) - torn)))
        self._memory.settle_in_order(frozenset(lead.done) - suspects)
        if seen:
            self.settle(seen, self.different(seen))
        return {index: one for index, one in seen.items() if index in ends or index in suspects}

    def settle(self, seen: Mapping[int, RerunResult], differing: Mapping[int, RerunResult]) -> None:
        """Remember what tests did that ran in plain order; those that did the same are suspects no more."""
        found = self.found
        for look, change, suspects in found.questions:
            self._memory.settle(look, change, suspects & seen.keys(), {*differing, *(suspects - seen.keys())})
        same = {index for index, one in seen.items() if one.outcome == self._results[index].outcome}
        self._memory.settle_in_order(same.intersection([*found.suspects, *_after_all(seen)]))
        left = tuple(one for one in found.suspects if one not in same)
        polluters = tuple(sorted(before(left, self._log.looks, self.readers)))
        self._found = Suspicion(left, polluters, found.questions) if left else Suspicion()

    def settle_names(self, differing: Collection[int]) -> None:
        """Remember the names of states that made no difference to any test that can see them."""
        doubtful = {*differing, *self.found.suspects}
        for look in self._log.looks:
            for names in {change.names for change in look.changes} & self.readers.keys():
                if not self.readers[names] & doubtful:
                    self._memory.settle_names(look, names)

    def different(self, seen: Mapping[int, RerunResult]) -> dict[int, RerunResult]:
        """The tests that did something else than in the run."""
        return {
            index: result
            for index, result in seen.items()
            if result.outcome in _RUN and result.outcome != self._results[index].outcome
        }

    def seeing(self, tests: Iterable[int]) -> frozenset[int]:
        """Those of the tests that can see a state that a test before them has changed."""
        every = frozenset(tests)
        seeing = (
            (every & self.readers.get(change.names, frozenset()), look.first)
            for look in self._log.looks
            for change in look.changes
        )
        return frozenset(index for indexes, first in seeing for index in indexes if index > first)

    def _find(self) -> Suspicion:
        names = () if self._memory.are_all_settled else names_of(self._log.looks, self._memory.is_harmless)
        if not names:
            return Suspicion()
        self._ask(tuple(names))
        asked = dict(zip(names, map(frozenset, self._log.readers), strict=False))
        self.readers = with_makers(self._log.looks, asked)
        log = self._execution_log
        return suspicion(self._log.looks, self.readers, log.places(), log.times(), self._need_not_be_asked)

    def _need_not_be_asked(self, look: Look, change: LoggedChange, index: int) -> bool:
        """Whether a test is known to be indifferent to a change, or fails just like many others do."""
        return index in self.alike or self._memory.is_settled(look, change, index)


def _after_all(seen: Mapping[int, RerunResult]) -> Iterable[int]:
    """The tests that ran after all those before them, as in a plain run: they have seen what it shows them."""
    return takewhile(lambda index: index in seen and seen[index].outcome in _RUN, count())
