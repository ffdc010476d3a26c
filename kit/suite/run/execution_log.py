"""Which tests ran in one process, in which order, and which at the same time: what re-runs have to repeat."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

#: tests that ended so shortly before, or began so shortly after another one, ran beside it, in seconds
_MARGIN = 1.0


@dataclass(frozen=True)
class _Entry:
    history: list[int]
    place: int
    began: float
    ended: float


class ExecutionLog:
    """Notes where each test has run first. ``nodeids`` are those of the suite, in the order of a plain run."""

    def __init__(self, nodeids: Sequence[str]) -> None:
        self._entries: dict[int, _Entry] = {}
        self._files = [nodeid.partition("::")[0] for nodeid in nodeids]

    @property
    def suite(self) -> tuple[int, ...]:
        """All tests, in the order of a plain run."""
        return tuple(range(len(self._files)))

    @property
    def seconds(self) -> float:
        """How long all tests took, one after the other."""
        return sum(entry.ended - entry.began for entry in self._entries.values())

    def note(self, history: list[int], index: int, seconds: float) -> None:
        """A test has ended just now, in the process whose tests are in ``history``."""
        history.append(index)
        now = time.time()  # the clock that sessions have in common
        self._entries.setdefault(index, _Entry(history, len(history), now - seconds, now))

    def recall(self, events: Iterable[Mapping[str, Any]], names: Sequence[str]) -> None:
        """Take in what earlier sessions ran, as their ``events`` tell; ``names`` are the node ids that stand there."""
        index_of: dict[str, int] = {}
        for index, name in enumerate(names):
            index_of.setdefault(name, index)
        histories: dict[int, list[int]] = {}
        began = 0.0
        for event in events:
            if event["kind"] == "session":
                began = datetime.fromisoformat(event["started"]).timestamp()
            elif event["kind"] == "child" and event["state"] == "started":
                histories[event["worker"]] = []
            elif event["kind"] == "finished" and event.get("worker") in histories and event["nodeid"] in index_of:
                history, index = histories[event["worker"]], index_of[event["nodeid"]]
                ended = began + event["at"]
                history.append(index)
                self._entries.setdefault(index, _Entry(history, len(history), ended - (event["seconds"] or 0), ended))

    def before(self, index: int) -> tuple[int, ...]:
        """The tests that ran in the process of this one up to it, itself included."""
        entry = self._entries.get(index)
        return tuple(entry.history[: entry.place]) if entry else (index,)

    def missed(self, index: int) -> tuple[int, ...]:
        """The tests of its file up to this one, itself included, if some of them had not run before it in its process;
        else none.
        """
        file = self._files[index]
        start = index
        while start and self._files[start - 1] == file:
            start -= 1
        tests = tuple(range(start, index + 1))
        return () if set(tests) <= set(self.before(index)) else tests

    def beside(self, indexes: Iterable[int]) -> tuple[tuple[int, ...], ...]:
        """What ran when these tests ran, they included: the tests of each process, in order."""
        windows = [(entry.began - _MARGIN, entry.ended + _MARGIN) for entry in map(self._entries.get, indexes) if entry]
        found: dict[int, list[int]] = {}
        for index, entry in self._entries.items():
            if any(entry.began < end and entry.ended > start for start, end in windows):
                found.setdefault(id(entry.history), []).append(index)
        return tuple(map(tuple, found.values()))
