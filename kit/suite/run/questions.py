"""The questions that kit asks worker processes about shared state."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from kit.wire.commands import Batch, StateBatch, UnwatchedBatch


@dataclass(frozen=True)
class Questions:
    """What kit asks a process that runs tests about states: see :class:`~kit.wire.commands.StateBatch`. One that is
    ``unwatched`` watches none, and tells the ``lines`` of the app that some tests run: what watches states may keep an
    object alive that a test expects to die.
    """

    names: tuple[tuple[str, ...], ...] = ()
    seen: Mapping[int, str] = field(default_factory=dict)
    restored: Collection[int] = ()
    apart: Collection[int] = ()
    each: Collection[int] = ()
    unwatched: bool = False
    lines: Collection[int] = ()

    def batch(self, tests: list[tuple[int, str]], left: Callable[[int], int]) -> Batch:
        """The batch, with the questions; ``left`` tells how often a test may still be started."""
        if self.unwatched:
            return UnwatchedBatch(batch=tests, lines=sorted(self.lines))
        names = [list(names) for names in self.names]
        seen, spare = sorted(self.seen.items()), [index for index in sorted(self.seen) if left(index) > 1]
        return StateBatch(
            batch=tests,
            names=names,
            seen=seen,
            restored=sorted(self.restored),
            spare=spare,
            apart=sorted(self.apart),
            each=sorted(self.each),
        )
