"""Keeps account of the batches: those that wait, those that workers hold, and the tests that are finished."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import Final


class Ledger:
    """Every test to run is waiting, held by one slot, or finished. Tests are indexes into the collected suite.

    No slot gets an earlier part of a file after a later one, whose tests may have left what the earlier ones do not
    expect. A suspect, which may have ended its worker, comes last: alone in its process, and with no test beside it, so
    that a second loss has one culprit.

    If the run ``has_leader``, the worker of the first slot gets the first batch each time, and all others the last: so
    it runs the first part of a plain run, until it is lost.
    """

    #: the slot of the leader
    LEADER: Final = 0

    def __init__(
        self, batches: Iterable[tuple[int, ...]], files: Sequence[str] = (), *, has_leader: bool = False
    ) -> None:
        """``files`` has the file of each test of the suite; without it, parts of files come in any order."""
        self._waiting = deque(batches)
        #: the tests in the order of their batches
        self.order = tuple(chain.from_iterable(self._waiting))
        self.has_leader = has_leader
        self._suspects: deque[int] = deque()
        self._isolated: set[int] = set()  # the suspects that were handed out
        self._files = files
        self._reached: dict[int, dict[str, int]] = {}  # the last test of each file that a slot was given
        self._held: dict[int, list[int]] = {}
        self._handed: dict[int, list[int]] = {}  # what the present worker of a slot was given, in order
        self._open = sum(map(len, self._waiting))

    @property
    def is_done(self) -> bool:
        """Whether every test is finished."""
        return self._open == 0

    @property
    def unfinished(self) -> int:
        """How many tests are not finished."""
        return self._open

    @property
    def waiting(self) -> int:
        """How many batches wait that a new worker would get now."""
        return len(self._waiting) or int(self._may_take_a_suspect)

    def rest(self) -> tuple[tuple[int, ...], ...]:
        """The batches that wait."""
        return (*self._waiting, *((index,) for index in self._suspects))

    def hand_out(self, slot: int) -> tuple[int, ...]:
        """The next batch for ``slot``, in addition to what it holds.

        Empty when none is left that this slot may have; what still waits then is for a new process in the slot.
        """
        waiting = reversed(self._waiting) if self.has_leader and slot != self.LEADER else self._waiting
        batch = next((batch for batch in waiting if not self._goes_back(slot, batch)), ())
        if batch:
            self._waiting.remove(batch)
        elif self._may_take_a_suspect:
            batch = (self._suspects.popleft(),)
            self._isolated.update(batch)
        if self._files:
            self._reached.setdefault(slot, {}).update((self._files[index], index) for index in batch)
        self._held.setdefault(slot, []).extend(batch)
        self._handed.setdefault(slot, []).extend(batch)
        return batch

    @property
    def _may_take_a_suspect(self) -> bool:
        return bool(self._suspects) and not self._waiting and not any(self._held.values())

    def _goes_back(self, slot: int, batch: tuple[int, ...]) -> bool:
        reached = self._reached.get(slot, {})
        return bool(reached) and any(index < reached.get(self._files[index], -1) for index in batch)

    def is_busy(self, slot: int) -> bool:
        """Whether ``slot`` has a test that it has not finished."""
        return bool(self._held.get(slot))

    def holds(self, slot: int, index: int) -> bool:
        """Whether ``slot`` has this test and has not finished it."""
        return index in self._held.get(slot, ())

    def handed(self, slot: int) -> tuple[int, ...]:
        """What the present worker of ``slot`` was given, in order."""
        return tuple(self._handed.get(slot, ()))

    def begun(self, slot: int, last: int | None) -> tuple[int, ...]:
        """The tests that ``slot`` has begun and not finished, given the last one that it has begun: it runs them in the
        order in which it got them.
        """
        handed = self.handed(slot)
        if last not in handed:
            return ()
        return tuple(index for index in handed[: handed.index(last) + 1] if self.holds(slot, index))

    def is_isolated(self, index: int) -> bool:
        """Whether this test was handed out as a suspect: no other test is to blame for what happens to its worker."""
        return index in self._isolated

    def first_of(self, slot: int) -> tuple[int, ...]:
        """The first test that ``slot`` has not finished: it runs, or is about to. Empty when there is none."""
        return tuple(self._held.get(slot, ())[:1])

    def finish(self, slot: int, index: int) -> bool:
        """Record that a test is finished; false if ``slot`` does not hold it: its result must then be ignored."""
        if not self.holds(slot, index):
            return False
        self._held[slot].remove(index)
        self._open -= 1
        return True

    def take_back(self, slot: int, suspects: Collection[int] = ()) -> None:
        """Return the unfinished tests of ``slot`` to the queue: they are next for all but the leader. Those that are
        ``suspects`` come last.
        """
        self.has_leader = self.has_leader and slot != self.LEADER
        self._reached.pop(slot, None)
        self._handed.pop(slot, None)
        left = self._held.pop(slot, [])
        self._suspects.extend(index for index in left if index in suspects)
        if rest := tuple(index for index in left if index not in suspects):
            (self._waiting.append if self.has_leader else self._waiting.appendleft)(rest)


class OneProcess(Ledger):
    """The ledger of one batch for a process that is there already: no other one may take its place."""

    def __init__(self, batch: tuple[int, ...]) -> None:
        Ledger.__init__(self, (batch,))
        self._has_ended = False

    @property
    def is_done(self) -> bool:
        """Whether every test is finished, or the process has ended."""
        return self._has_ended or super().is_done

    @property
    def waiting(self) -> int:
        """Nothing for a new worker."""
        return 0

    def take_back(self, slot: int, suspects: Collection[int] = ()) -> None:
        """The process has ended."""
        self._has_ended = True
        Ledger.take_back(self, slot, suspects)


class NoTests(Ledger):
    """The ledger of one process that answers questions, and runs no test: it is done when that process has ended."""

    def __init__(self) -> None:
        Ledger.__init__(self, ())
        self._is_asked = self._has_ended = False

    @property
    def is_done(self) -> bool:
        """Whether the process has ended."""
        return self._has_ended

    @property
    def waiting(self) -> int:
        """One process, until it has its questions."""
        return int(not self._is_asked)

    def hand_out(self, slot: int) -> tuple[int, ...]:
        """No test, only the questions."""
        self._is_asked = True
        return Ledger.hand_out(self, slot)

    def take_back(self, slot: int, suspects: Collection[int] = ()) -> None:
        """The process has ended, or was lost before it could answer."""
        self._has_ended = True
        Ledger.take_back(self, slot, suspects)
