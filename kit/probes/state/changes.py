"""Follows which states tests have changed since before the first test, and which tests changed each last.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

from .values import same

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, List, Tuple

    from ...wire.messages import NamedState
    from .nodes import ChangedEntry
    from .watch import StateWatch


class ChangedByTest:
    """A state that differs from what it was before the first test. One of the tests ``by``, which are all those between
    two looks, has changed it last.
    """

    def __init__(self, state: ChangedEntry, by: List[int]) -> None:
        self.state, self.by = state, by

    @property
    def before(self) -> Any:
        """The value before the first test."""
        return self.state.before

    @property
    def names(self) -> Tuple[str, ...]:
        """The names of which code that sees the state has one."""
        found: Tuple[str, ...] = self.state.node.names(self.state.key)
        return found

    def named(self) -> NamedState:
        """The change as kit knows it."""
        before, after = self.state.described()
        return {"path": self.state.path, "before": before, "after": after, "by": self.by}


class ProcessChanges:
    """The changed states of one process, as the last look found them."""

    def __init__(self, watch: StateWatch) -> None:
        self._watch = watch
        self._tests: List[int] = []  # those since the last look
        self._changed: Dict[Tuple[int, Any], ChangedByTest] = {}

    def note(self, index: int) -> None:
        """A test has run."""
        self._tests.append(index)

    def look(self, *, keeps: bool = False) -> None:
        """See what the tests since the last look have changed. ``keeps``: earlier tests that have changed the same
        states may count as well.
        """
        if not self._tests:
            return
        tests, self._tests = self._tests, []
        for state in self._watch.look():
            known = self._changed.get(state.identity)
            if known is None:
                self._changed[state.identity] = ChangedByTest(state, tests)
            elif same(known.before, state.after):
                del self._changed[state.identity]
            else:
                known.state.go_on_with(state)
                known.by = [*known.by, *tests] if keeps else tests

    def latest_first(self) -> List[ChangedByTest]:
        return sorted(self._changed.values(), key=lambda one: -one.by[-1])
