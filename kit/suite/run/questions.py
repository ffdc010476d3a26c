"""The questions that kit asks worker processes about shared state."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from kit.wire.commands import StateBatch


@dataclass(frozen=True)
class Questions:
    """What kit asks a process that runs tests about states: see :class:`~kit.wire.messages.StateBatch`."""

    names: tuple[tuple[str, ...], ...] = ()
    seen: Collection[int] = ()
    restored: Collection[int] = ()

    def batch(self, tests: list[tuple[int, str]]) -> StateBatch:
        """The batch, with the questions."""
        names = [list(names) for names in self.names]
        return {"batch": tests, "names": names, "seen": sorted(self.seen), "restored": sorted(self.restored)}
