"""The tests that a run has to take: a module of its own, since each run has one and few runs choose."""

from __future__ import annotations

from dataclasses import dataclass

from kit.facts.wording import counted

#: at most this many changes are named
_NAMED = 3


@dataclass(frozen=True)
class Selected:
    """What to run: ``nodeids`` of tests and files, for pytest (none: all tests). ``known`` are tests of the same files
    that need not run. ``number`` of ``total`` recorded tests are among it. ``why``: where something has changed;
    ``failed``: how many of them were not in order before.
    """

    nodeids: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    number: int = 0
    total: int = 0
    why: tuple[str, ...] = ()
    failed: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether no test has to run."""
        return self.total > 0 and not self.nodeids

    @property
    def said(self) -> str:
        """``8 of 6,373 tests: app/auth/locks.py: is_locked``."""
        more = f" and {len(self.why) - _NAMED:,} more" if len(self.why) > _NAMED else ""
        because = f": {'; '.join(self.why[:_NAMED])}{more}" if self.why else ""
        new = sum("::" not in nodeid for nodeid in self.nodeids)
        parts = [f"{self.number:,} of {counted(self.total, 'test')}{because}"]
        parts += [f"{counted(new, 'file')} that nobody has recorded yet"] if new else []
        parts += [f"{self.failed:,} of them failed before"] if self.failed else []
        return " · ".join(parts)
