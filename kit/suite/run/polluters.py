"""Finds out which of several tests has changed a state: kit looks at states between files, so it may be any of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from kit.suite.run.state_log import Look
from kit.wire.messages import NamedState

#: runs tests once more, in plain order, and returns what it has seen after each of them
LookAtEach = Callable[[tuple[int, ...]], Sequence[Look]]


class Polluters:
    """The tests that have changed what some others, the victims, have seen."""

    def __init__(self, seen: Mapping[int, Sequence[NamedState]], look_at_each: LookAtEach) -> None:
        """``seen`` are the states by victim. The tests of which one has changed them run once more, where there are
        several.
        """
        several = [{*state["by"]} - {victim} for victim, states in seen.items() for state in states if _is_open(state)]
        tests = tuple(sorted(set[int]().union(*several)))
        self._looks = look_at_each(tests) if tests else ()

    def of(self, victim: int, state: NamedState) -> int | None:
        """The test that has changed the state last; ``None`` if that could not be found out."""
        if not _is_open(state):
            return state["by"][0] if state["by"] != [victim] else None
        others = {*state["by"]} - {victim}
        changed = {
            change.after: look.first
            for look in self._looks
            for change in look.changes
            if look.first in others and change.path == state["path"]
        }
        return changed.get(state["after"], max(changed.values(), default=None))


def _is_open(state: NamedState) -> bool:
    return len(state["by"]) > 1
