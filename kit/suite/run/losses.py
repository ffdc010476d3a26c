"""Which test is to blame when a worker is lost, and when there are too many losses to go on."""

from __future__ import annotations

from collections import Counter

from kit.facts.outcomes import Outcome
from kit.suite.process.board import Current
from kit.suite.process.memory import Excess
from kit.suite.process.processes import Child
from kit.suite.process.supervisor import Supervisor
from kit.suite.run.run_events import RunEvents
from kit.suite.run.workers import Workers

#: how many processes may be lost in a row without a test to blame, before kit gives up
_MOST_UNEXPLAINED = 3

_UNREPORTED = "its result never arrived, twice: it may write into descriptors, or close some, that are not its own"


class Losses:
    """Gives the tests of lost workers their outcomes, and returns the other tests to the queue."""

    def __init__(self, workers: Workers, supervisor: Supervisor, events: RunEvents) -> None:
        self._workers, self._supervisor, self._events = workers, supervisor, events
        self._suspected: Counter[int] = Counter()
        self._unexplained = 0  # in a row
        self.why = ""  # why a process could not begin, as it reported

    @property
    def are_too_many(self) -> bool:
        """Whether the run has to be given up."""
        return self._unexplained > _MOST_UNEXPLAINED

    def note_progress(self) -> None:
        """A test has finished: the losses before it do not count any more."""
        self._unexplained = 0

    def note_failed_start(self, why: str) -> None:
        """A process ended before it could run a test."""
        self._unexplained += 1
        self.why = why

    def settle(self, child: Child, current: Current, outcome: Outcome, reason: str, stack: str) -> None:
        """A worker was lost. The test that it ran, if any, gets this outcome; its other tests go to other workers."""
        is_blamed = self._blame(child.slot, current, outcome, reason, stack)
        if not self.note_unreported(child.slot, current) and not is_blamed:
            self._unexplained += 1
        self._workers.phase.ledger.take_back(child.slot, one_by_one=not is_blamed)
        self._workers.remove(child, "lost", reason)

    def settle_excess(self, child: Child, current: Current, excess: Excess, stack: str) -> None:
        """A worker was killed because it took too much memory.

        A test that has not taken most of it by itself is not to blame the first time: it runs again in another worker.
        """
        if current.index is None or excess.is_of_the_test or self._suspected[current.index]:
            self.settle(child, current, "crashed", excess.reason, stack)
        else:
            self.note_unreported(child.slot, current)
            self._suspected[current.index] += 1
            self._workers.phase.ledger.take_back(child.slot)
            self._workers.remove(child, "lost", excess.reason)

    def note_unreported(self, slot: int, current: Current) -> bool:
        """Count the tests that a worker has begun, that are over, and whose results never arrived; whether there are
        some. A second time is the last one: such a test gets its outcome, or it would be run for ever.
        """
        ledger = self._workers.phase.ledger
        unreported = [index for index in ledger.begun(slot, current.last) if index != current.index]
        for index in unreported:
            self._suspected[index] += 1
            if self._suspected[index] > 1:
                self._blame(slot, Current(index, None, 0.0, 0.0), "crashed", _UNREPORTED)
        return bool(unreported)

    def settle_all(self, reason: str) -> None:
        """All workers died with the process that they were forked from.

        A test that ran in such a moment for the second time is to blame: it may have killed its parent or taken all
        memory.
        """
        self._unexplained += 1
        self._workers.forget_terminated()
        for child in tuple(self._workers.live.values()):
            self._supervisor.stop_listening(child.connection)
            child.forget()
            current = self._workers.current(child)
            self.note_unreported(child.slot, current)
            if current.index is not None:
                self._suspected[current.index] += 1
                if self._suspected[current.index] > 1:
                    self._blame(child.slot, current, "crashed", f"{reason}, with the process that it was forked from")
            self._workers.phase.ledger.take_back(child.slot)
            self._workers.remove(child, "lost", reason)

    def _blame(self, slot: int, current: Current, outcome: Outcome, reason: str, stack: str = "") -> bool:
        """Give the test that ``slot`` ran its outcome; false when it ran none."""
        if current.index is None or not self._workers.phase.ledger.finish(slot, current.index):
            return False
        self._events.ended(current.index, current, outcome, reason, stack)
        return True
