"""Names the state that a test depends on: restore it in a fork, right before the test, and see what the test does.

The process runs tests one after the other, as a plain run does, and looks at the state after each of them. Before a
test in question, forks of the process put back some of what has changed, and run the test.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import contextlib
import os
import random
import select
import signal
import time

from .values import same

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Dict, List, Tuple

    from ...wire.messages import NamedState
    from .nodes import State
    from .watch import StateWatch


#: how many states are put back one by one when restoring all of them does not help
MOST_SINGLE = 60

#: how many forks one test may take, and how long one of them, in seconds
MOST_FORKS, LIMIT = 150, 20.0


class Change:
    """A state that differs from what it was before the first test, and the test that changed it last."""

    def __init__(self, state: State, by: int) -> None:
        self.state, self.before, self.by = state, state.before, by

    @property
    def group(self) -> str:
        return str(self.state.path).partition(".")[0]


class Naming:
    """Follows the states that tests change, and finds out which of them a test depends on."""

    def __init__(
        self, watch: StateWatch, run: Callable[[int], str], sees: Callable[[int, Tuple[str, ...]], bool]
    ) -> None:
        """``run`` runs the test with this index in a forked child and returns its outcome; ``sees`` tells whether a
        test can see a state with these names.
        """
        self._watch, self._run, self._sees = watch, run, sees
        self._changed: Dict[Tuple[int, Any], Change] = {}
        self._forks = 0

    def note(self, index: int) -> None:
        """A test has run: see what it has changed."""
        for state in self._watch.look():
            known = self._changed.get(state.identity)
            if known is None:
                self._changed[state.identity] = Change(state, index)
            elif same(known.before, state.after):
                del self._changed[state.identity]
            else:
                known.state.after, known.by = state.after, index

    def find(self, index: int, wanted: str) -> List[NamedState]:
        """The fewest states with which the test has the outcome ``wanted`` when they are put back; none: not found."""
        self._forks = 0
        candidates = sorted(self._changed.values(), key=lambda one: -one.by)  # the latest first
        if not hasattr(os, "fork"):
            return []  # Windows
        if not candidates or self._outcome(index, []) == wanted:
            return []
        found = self._sufficient(index, candidates, wanted)
        named: List[NamedState] = []
        for one in self._fewest(index, found, wanted) if found else ():
            described = one.state.described()
            named.append({"path": one.state.path, "before": described[0], "after": described[1], "by": one.by})
        return named

    def _sufficient(self, index: int, candidates: List[Change], wanted: str) -> List[Change]:
        """Some states that give the outcome: those that the test can see, all, those of one module, or a single one."""
        visible = [one for one in candidates if self._sees(index, one.state.node.names(one.state.key))]
        for some in (visible, candidates):
            if some and self._outcome(index, some) == wanted:
                return some
        groups: Dict[str, List[Change]] = {}
        for one in candidates:
            groups.setdefault(one.group, []).append(one)
        singles = [[one] for one in candidates[:MOST_SINGLE]]
        for some in [*groups.values(), *singles]:
            if self._forks < MOST_FORKS and self._outcome(index, some) == wanted:
                return some
        return []

    def _fewest(self, index: int, found: List[Change], wanted: str) -> List[Change]:
        """Delta debugging: leave out what is not needed."""
        parts = 2
        while len(found) > 1 and self._forks < MOST_FORKS:
            size = -(-len(found) // parts)
            chunks = [found[start : start + size] for start in range(0, len(found), size)]
            rests = [[one for one in found if one not in chunk] for chunk in chunks] if len(chunks) > 2 else []
            smaller = next((some for some in [*chunks, *rests] if self._outcome(index, some) == wanted), None)
            if smaller is not None:
                parts = 2 if len(smaller) <= size else max(parts - 1, 2)
                found = smaller
            elif parts >= len(found):
                break
            else:
                parts = min(len(found), parts * 2)
        return found

    def _outcome(self, index: int, restored: List[Change]) -> str:
        """What the test does in a fork in which these states are put back; ``""`` when it does not end."""
        self._forks += 1
        reading, writing = os.pipe()
        drawn = GET_RANDOM()
        pid = os.fork()
        if pid == 0:
            try:
                os.close(reading)
                SET_RANDOM(drawn)  # CPython gives each fork a seed of its own
                for one in restored:
                    put_back(one)
                os.write(writing, self._run(index).encode())
            finally:
                LEAVE(0)
        os.close(writing)
        try:
            return read_until(reading, time.monotonic() + LIMIT)
        finally:
            os.close(reading)
            kill(pid)


#: bound before a test can replace them
LEAVE, GET_RANDOM, SET_RANDOM = os._exit, random.getstate, random.setstate


def put_back(change: Change) -> None:
    state = change.state
    with contextlib.suppress(Exception):  # what cannot be put back is not found to be the reason
        state.node.restore(state.key, change.before)


def read_until(descriptor: int, deadline: float) -> str:
    """What arrives until the other side is closed, or the time is over."""
    data = b""
    while True:
        ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
        part = os.read(descriptor, 64) if ready else b""
        if not part:
            return data.decode() if ready else ""
        data += part


def kill(pid: int) -> None:
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
