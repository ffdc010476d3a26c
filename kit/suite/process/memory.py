"""Watching how much memory the tests take, so that one that takes it all ends alone, and not with the machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kit.platform.memory import held_by, machine_memory, share_of
from kit.target import descendants

_MIB, _GIB = 1 << 20, 1 << 30


@dataclass(frozen=True)
class Excess:
    """The child in ``slot`` takes too much. ``is_of_the_test``: most of it came while its present test was running."""

    slot: int
    reason: str
    is_of_the_test: bool


@dataclass
class _Seen:
    """What was last known of a child: when its present test was first seen (``index``) it held ``at_first``; of what
    its ``processes`` seem to hold, ``twice`` is counted more than once.
    """

    pid: int
    index: int | None
    at_first: int = 0
    processes: tuple[int, ...] = ()
    twice: int = 0


class MemoryWatch:
    """``limit_mb`` (MiB) is for each child with its descendants. Without it half of the machine's memory is for one
    child and also for all together: then the largest has to go.
    """

    def __init__(self, limit_mb: int | None) -> None:
        half = machine_memory() // 2
        self._each = half if limit_mb is None else limit_mb * _MIB
        self._all = half if limit_mb is None else None
        self._seen: dict[int, _Seen] = {}

    def look(self, children: Mapping[int, tuple[int, int | None]]) -> Excess | None:
        """See what children hold, given their process and what test they run, by slot; the one that has to go, if any
        has to. To be called a few times a second.
        """
        held = {slot: self._held(slot, pid, index) for slot, (pid, index) in children.items()}
        if not held:
            return None
        largest = max(held, key=held.__getitem__)
        if held[largest] > self._each:
            return self._excess(largest, held[largest], f"memory limit {size_in_words(self._each)}")
        if self._all is not None and sum(held.values()) > self._all:
            reason = f"memory limit {size_in_words(self._all)} for all tests that run at a time, of which it took most"
            return self._excess(largest, held[largest], reason)
        return None

    def _excess(self, slot: int, held: int, reason: str) -> Excess:
        return Excess(slot, reason, held - self._seen[slot].at_first > held // 2)

    def _held(self, slot: int, pid: int, index: int | None) -> int:
        """Exact only near the limit, since that costs more."""
        before = self._seen.get(slot)
        now = _Seen(pid, index, processes=(pid, *descendants(pid)))
        seems = held_by(now.processes)
        if before and (before.pid, before.processes) == (pid, now.processes):
            now.twice = before.twice
        if seems - now.twice > self._each:
            now.twice = max(0, seems - share_of(now.processes))
        held = seems - now.twice
        is_same_test = before is not None and (before.pid, before.index) == (pid, index)
        now.at_first = before.at_first if before and is_same_test else held
        self._seen[slot] = now
        return held


def size_in_words(size: int) -> str:
    """``"512 MiB"``, ``"2 GiB"``, ``"11.8 GiB"``."""
    return f"{size / _GIB:.3g} GiB" if size >= _GIB else f"{size / _MIB:.3g} MiB"
