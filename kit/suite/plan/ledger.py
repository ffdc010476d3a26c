"""Who has which tests: batches that wait, batches that are out, and what has come back."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable


class Ledger:
    """Every test to run is waiting, held by one slot, or finished. Tests are indexes into the collected suite."""

    def __init__(self, batches: Iterable[tuple[int, ...]]) -> None:
        self._waiting = deque(batches)
        self._held: dict[int, list[int]] = {}
        self._open = sum(map(len, self._waiting))

    @property
    def is_done(self) -> bool:
        """Whether every test is finished."""
        return self._open == 0

    @property
    def waiting(self) -> int:
        """How many batches nobody holds."""
        return len(self._waiting)

    def rest(self) -> tuple[tuple[int, ...], ...]:
        """The batches that nobody holds."""
        return tuple(self._waiting)

    def hand_out(self, slot: int) -> tuple[int, ...]:
        """The next batch for ``slot``, on top of what it holds; empty when there is none."""
        batch = self._waiting.popleft() if self._waiting else ()
        self._held.setdefault(slot, []).extend(batch)
        return batch

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
        left = self._held.pop(slot, [])
        if one_by_one:
            self._waiting.extendleft((index,) for index in reversed(left))
        elif left:
            self._waiting.appendleft(tuple(left))
