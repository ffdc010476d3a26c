"""Which test is to blame when a worker is lost, and when there are too many losses to go on."""

from __future__ import annotations

from collections import Counter

from kit.facts.outcomes import Outcome
from kit.suite.process.board import Current
from kit.suite.process.memory import Excess
from kit.suite.process.processes import Child
from kit.suite.process.supervisor import Supervisor
from kit.suite.run.run_events import RunEvents
from kit.suite.run.starts import Starts
from kit.suite.run.workers import Workers

#: how many processes may be lost in a row without a test to blame, before kit gives up
_MOST_UNEXPLAINED = 3

#: the same for processes that held tests but did not tell which one ran
_MOST_UNKNOWN = 30

_UNREPORTED = "its result never arrived, twice: it may write into descriptors, or close some, that are not its own"


class Losses:
    """Gives the tests of lost workers their outcomes, and returns the other tests to the queue."""

    def __init__(self, workers: Workers, supervisor: Supervisor, events: RunEvents, starts: Starts) -> None:
        self._workers, self._supervisor, self._events, self._starts = workers, supervisor, events, starts
        self._begun: Counter[int] = Counter()  # how often a test was begun in vain
        #: the tests that have taken their workers along
        self.blamed: set[int] = set()
        self._unexplained, self._unknown = 0, 0  # in a row
        self.why = ""  # why a process could not begin, as it reported

    @property
    def are_too_many(self) -> bool:
        """Whether the run has to be given up."""
        return self._unexplained > _MOST_UNEXPLAINED or self._unknown > _MOST_UNKNOWN

    def note_progress(self) -> None:
        """A test has finished: the losses before it do not count any more."""
        self._unexplained = self._unknown = 0

    def note_failed_start(self, why: str) -> None:
        """A process ended before it could run a test."""
        self._unexplained += 1
        self.why = why

    def settle(self, child: Child, current: Current, outcome: Outcome, reason: str, stack: str) -> None:
        """A worker was lost. The test that it ran, if any, gets this outcome; its other tests go to other workers.

        It has not crashed by itself where an earlier test has spoilt the connection.
        """
        begun = self._workers.phase.ledger.begun(child.slot, current.last)
        is_spoilt = outcome == "crashed" and bool(begun) and begun[0] != current.index
        is_blamed = not is_spoilt and self._blame(child.slot, current, outcome, reason, stack)
        if not self.give_back(child.slot, current, is_explained=is_blamed):
            self._unexplained += 1
        self._workers.remove(child, "lost", reason)

    def settle_excess(self, child: Child, current: Current, excess: Excess, stack: str) -> None:
        """A worker was killed because it took too much memory.

        A test that has not taken most of it by itself is not to blame the first time: it runs again in another worker.
        """
        ledger = self._workers.phase.ledger
        if current.index is None or excess.is_of_the_test or ledger.is_isolated(current.index):
            self.settle(child, current, "crashed", excess.reason, stack)
        else:
            self.give_back(child.slot, current)
            self._workers.remove(child, "lost", excess.reason)

    def settle_all(self, reason: str) -> None:
        """All workers died with the process that they were forked from.

        A test that ran in such a moment may have killed its parent or taken all memory. It runs again with nothing
        beside it, and is to blame if that happens a second time.
        """
        self._workers.forget_terminated()
        self._workers.bring_back()
        is_explained = False
        for child in tuple(self._workers.live.values()):
            self._supervisor.stop_listening(child.connection)
            child.forget()
            current = self._workers.current(child)
            why = f"{reason}, with the process that it was forked from"
            is_explained |= self.give_back(child.slot, current, why)
            self._workers.remove(child, "lost", reason)
        self._unexplained += not is_explained

    def give_back(self, slot: int, current: Current, reason: str = _UNREPORTED, *, is_explained: bool = False) -> bool:
        """Return the unfinished tests of a worker that has ended to the queue, and make suspects of those that may have
        ended it. A suspect that ends its worker too is to blame, so no test is started more than three times.

        Suspects are the test that it ran, and the first one whose result has not arrived: that test may have spoilt
        the connection. The others whose results have not arrived are suspects the second time. Where the worker does
        not tell what it has begun, and nothing else explains its end (``is_explained``), it is the first unfinished
        test. Returns whether the end is explained.
        """
        ledger = self._workers.phase.ledger
        begun = ledger.begun(slot, current.last)
        suspects = set(begun[:1] or (() if is_explained else ledger.first_of(slot)))
        suspects |= {index for index in begun if index == current.index or self._begun[index]}
        self._begun.update(begun)
        self._unknown += not begun and not is_explained
        culprits = {index for index in suspects if ledger.is_isolated(index) or self._starts.left(index) <= 1}
        for index in (*begun, *suspects.difference(begun)):
            if index not in culprits:  # those are counted below
                self._starts.note(index, is_told=False)
        for index in culprits:
            is_current = index == current.index
            seen = current if is_current else Current(index, None, 0.0)
            self._blame(slot, seen, "crashed", reason if is_current else _UNREPORTED)
        ledger.take_back(slot, suspects - culprits)
        return bool(suspects) or is_explained

    def _blame(self, slot: int, current: Current, outcome: Outcome, reason: str, stack: str = "") -> bool:
        """Give the test that ``slot`` ran its outcome; false when it ran none."""
        if current.index is None or not self._workers.phase.ledger.finish(slot, current.index):
            return False
        self._starts.note(current.index, is_told=not self._events.is_rerunning)
        self._events.ended(current.index, current, outcome, reason, stack)
        self.blamed.add(current.index)
        self.note_progress()
        return True
