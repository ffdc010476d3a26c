"""What each process of the target runs at the moment: a file in shared memory, written by the probe, read by kit."""

from __future__ import annotations

import mmap
import time
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from kit.facts.failures import Phase
from kit.wire.layout import PHASES, SLOT, SLOT_SIZE, TEXT_AT, TEXT_LENGTH

#: a writer may lose the processor while it writes: how often that is waited for, and for how long, in seconds
_MOST_READINGS, _BETWEEN_READINGS = 20, 0.0002

_Reading = tuple[int, int, int, int, float, float, int]

_PHASES: tuple[Phase | None, ...] = (None, *cast("tuple[Phase, ...]", PHASES[1:]))


@dataclass(frozen=True)
class Current:
    """``index`` of the test in the collected suite (``None``: between two), the phase it is in, and for how long it
    has run, in seconds. ``last`` is the test that began last; it may be over.
    """

    index: int | None
    phase: Phase | None
    seconds: float
    last: int | None = None


class Board:
    """The shared memory, one slot a process. Both sides read the monotonic clock, which is the same for all."""

    def __init__(self, path: Path, slots: int) -> None:
        self.path = path
        path.write_bytes(b"\0" * (slots * SLOT_SIZE))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 0)
        self._whole: dict[int, _Reading] = {}
        for slot in range(slots):
            self.clear(slot)

    def clear(self, slot: int) -> None:
        """Forget what stood there; for a process that is about to begin."""
        now = time.monotonic()
        self._whole[slot] = (0, -1, -1, 0, now, now, 0)
        SLOT.pack_into(self._memory, slot * SLOT_SIZE, *self._whole[slot])

    def read(self, slot: int) -> Current:
        """What the process of this slot runs now."""
        _, index, last, phase, started, *_ = self._read_whole(slot)
        now = time.monotonic()
        return Current(
            index if index >= 0 else None,
            _PHASES[phase] if phase < len(_PHASES) else None,
            max(0.0, now - started),
            last if last >= 0 else None,
        )

    def collecting(self, slot: int) -> str:
        """The file that is being collected, ``""`` when none is."""
        at = slot * SLOT_SIZE + TEXT_AT
        (length,) = TEXT_LENGTH.unpack_from(self._memory, at)
        return self._memory[at + TEXT_LENGTH.size : at + TEXT_LENGTH.size + length].decode(errors="replace")

    def close(self) -> None:
        """Let go of the memory."""
        self._memory.close()

    def _read_whole(self, slot: int) -> _Reading:
        """A reading during which nothing was written; the one before it if the writer was stopped in the middle."""
        for _ in range(_MOST_READINGS):
            reading: _Reading = SLOT.unpack_from(self._memory, slot * SLOT_SIZE)
            again: _Reading = SLOT.unpack_from(self._memory, slot * SLOT_SIZE)
            if again == reading and reading[0] == reading[-1]:
                self._whole[slot] = reading
                break
            time.sleep(_BETWEEN_READINGS)
        return self._whole[slot]
