"""Who has which tests: batches that wait, batches that are out, and what has come back."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence


class Ledger:
    """Every test to run is waiting, held by one slot, or finished. Tests are indexes into the collected suite.

    Nobody gets an earlier part of a file after a later one, which may have left what the earlier one does not expect.
    """

    def __init__(self, batches: Iterable[tuple[int, ...]], files: Sequence[str] = ()) -> None:
        """``files`` are those of all tests of the suite; without them, parts of files are not told apart."""
        self._waiting = deque(batches)
        self._files = files
        self._reached: dict[int, dict[str, int]] = {}  # the last test of each file that a slot was given
        self._held: dict[int, list[int]] = {}
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
        """How many batches nobody holds."""
        return len(self._waiting)

    def rest(self) -> tuple[tuple[int, ...], ...]:
        """The batches that nobody holds."""
        return tuple(self._waiting)

    def hand_out(self, slot: int) -> tuple[int, ...]:
        """The next batch for ``slot``, on top of what it holds; empty when there is none that it may have: what still
        waits then is for a process that takes its place.
        """
        batch = next((batch for batch in self._waiting if not self._goes_back(slot, batch)), ())
        if batch:
            self._waiting.remove(batch)
        if self._files:
            self._reached.setdefault(slot, {}).update((self._files[index], index) for index in batch)
        self._held.setdefault(slot, []).extend(batch)
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

    def finish(self, slot: int, index: int) -> bool:
        """Note that a test is finished; false when ``slot`` does not hold it, and what it says must be ignored."""
        if not self.holds(slot, index):
            return False
        self._held[slot].remove(index)
        self._open -= 1
        return True

    def take_back(self, slot: int, *, one_by_one: bool = False) -> None:
        """``slot`` is gone: what it had not finished waits again, at the front; in batches of one when told so."""
        self._reached.pop(slot, None)
        left = self._held.pop(slot, [])
        if one_by_one:
            self._waiting.extendleft((index,) for index in reversed(left))
        elif left:
            self._waiting.appendleft(tuple(left))
