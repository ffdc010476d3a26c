"""Finds out which of several tests has changed a state: kit looks at states between files, so it may be any of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from kit.suite.run.state_log import Look
from kit.wire.messages import NamedState

#: runs tests once more, in plain order, and returns what it has seen after each of them
LookAtEach = Callable[[tuple[int, ...]], Sequence[Look]]


class Polluters:
    """Who has changed the states that some tests, the victims, have seen."""

    def __init__(self, seen: Mapping[int, Sequence[NamedState]], look_at_each: LookAtEach) -> None:
        """``seen`` are the states by victim. The tests of which one has changed them run once more, where there are
        several.
        """
        several = [one for victim, states in seen.items() for state in states if len(one := _others(state, victim)) > 1]
        tests = tuple(sorted(frozenset().union(*several)))
        self._looks = look_at_each(tests) if tests else ()

    def of(self, victim: int, state: NamedState) -> int | None:
        """The test that has changed the state last; ``None`` if that could not be found out."""
        others = _others(state, victim)
        if len(others) == 1:
            return min(others)
        changed = {
            change.after: look.first
            for look in self._looks
            for change in look.changes
            if look.first in others and change.path == state["path"]
        }
        return changed.get(state["after"], max(changed.values(), default=None))


def _others(state: NamedState, victim: int) -> frozenset[int]:
    return frozenset(state["by"]) - {victim}
