"""What kit asks a process that runs tests about the state that they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kit.wire.commands import StateBatch


@dataclass(frozen=True)
class Questions:
    """What kit asks a process that runs tests about states: see :class:`~kit.wire.messages.StateBatch`."""

    names: tuple[tuple[str, ...], ...] = ()
    wanted: Mapping[int, str] = field(default_factory=dict)

    def batch(self, tests: list[tuple[int, str]]) -> StateBatch:
        """The batch, with the questions."""
        return {"batch": tests, "names": [list(names) for names in self.names], "wanted": list(self.wanted.items())}
