"""Keeps account of the batches: those that wait, those that workers hold, and the tests that are finished."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence


class Ledger:
    """Every test to run is waiting, held by one slot, or finished. Tests are indexes into the collected suite.

    No slot gets an earlier part of a file after a later one, whose tests may have left what the earlier ones do not
    expect.
    """

    def __init__(self, batches: Iterable[tuple[int, ...]], files: Sequence[str] = ()) -> None:
        """``files`` has the file of each test of the suite; without it, parts of files come in any order."""
        self._waiting = deque(batches)
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
        """How many batches wait."""
        return len(self._waiting)

    def rest(self) -> tuple[tuple[int, ...], ...]:
        """The batches that wait."""
        return tuple(self._waiting)

    def hand_out(self, slot: int) -> tuple[int, ...]:
        """The next batch for ``slot``, in addition to what it holds.

        Empty when none is left that this slot may have; what still waits then is for a new process in the slot.
        """
        batch = next((batch for batch in self._waiting if not self._goes_back(slot, batch)), ())
        if batch:
            self._waiting.remove(batch)
        if self._files:
            self._reached.setdefault(slot, {}).update((self._files[index], index) for index in batch)
        self._held.setdefault(slot, []).extend(batch)
        self._handed.setdefault(slot, []).extend(batch)
        return batch

    def _goes_back(self, slot: int, batch: tuple[int, ...]) -> bool:
        reached = self._reached.get(slot, {})
        return bool(reached) and any(index < reached.get(self._files[index], -1) for index in batch)

    def is_busy(self, slot: int) -> bool:
        """Whether ``slot`` has a test that it has not finished."""
        return bool(self._held.get(slot))

    def holds(self, slot: int, index: int) -> bool:
        """Whether ``slot`` has this test and has not finished it."""
        return index in self._held.get(slot, ())

    def begun(self, slot: int, last: int | None) -> tuple[int, ...]:
        """The tests that ``slot`` has begun and not finished, given the last one that it has begun: it runs them in the
        order in which it got them.
        """
        handed = self._handed.get(slot, [])
        if last not in handed:
            return ()
        return tuple(index for index in handed[: handed.index(last) + 1] if self.holds(slot, index))

    def finish(self, slot: int, index: int) -> bool:
        """Record that a test is finished; false if ``slot`` does not hold it: its result must then be ignored."""
        if not self.holds(slot, index):
            return False
        self._held[slot].remove(index)
        self._open -= 1
        return True

    def take_back(self, slot: int, *, one_by_one: bool = False) -> None:
        """Return the unfinished tests of ``slot`` to the front of the queue, as one batch or ``one_by_one``."""
        self._reached.pop(slot, None)
        self._handed.pop(slot, None)
        left = self._held.pop(slot, [])
        if one_by_one:
            self._waiting.extendleft((index,) for index in reversed(left))
        elif left:
            self._waiting.appendleft(tuple(left))
