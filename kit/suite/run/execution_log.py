"""Logs which tests ran in one process, in which order, and which ran at the same time: re-runs repeat this."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from kit.facts.nodeids import file_of

#: a test ran beside another one if it ended at most this long before, or began at most this long after it, in seconds
_MARGIN = 1.0


@dataclass(frozen=True)
class _Entry:
    history: list[int]
    place: int
    began: float
    ended: float


class ExecutionLog:
    """Logs the first execution of each test. ``nodeids`` are those of the suite, in the order of a plain run."""

    def __init__(self, nodeids: Sequence[str], *, each_alone: bool = False) -> None:
        """``each_alone``: also in a plain run each test has a process of its own."""
        self._each_alone = each_alone
        self._entries: dict[int, _Entry] = {}
        self._files = [file_of(nodeid) for nodeid in nodeids]

    @property
    def suite(self) -> tuple[int, ...]:
        """All tests, in the order of a plain run."""
        return tuple(range(len(self._files)))

    @property
    def seconds(self) -> float:
        """How long all tests took, one after the other."""
        return sum(entry.ended - entry.began for entry in self._entries.values())

    def record(self, history: list[int], index: int, seconds: float) -> None:
        """Log a test that has ended just now. ``history`` are the tests of its process so far; the test is appended."""
        history.append(index)
        now = time.time()  # the only clock that several sessions share
        self._entries.setdefault(index, _Entry(history, len(history), now - seconds, now))

    def load(self, events: Iterable[Mapping[str, Any]], names: Sequence[str]) -> None:
        """Log what earlier sessions ran, given their ``events``, in which tests have these ``names``."""
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

    def places(self) -> dict[int, tuple[int, int]]:
        """The process of each test that has run (the ``id`` of its history), and its place there, from 1."""
        return {index: (id(entry.history), entry.place) for index, entry in self._entries.items()}

    def before(self, index: int) -> tuple[int, ...]:
        """The tests that ran in the process of this test up to it, itself included."""
        entry = self._entries.get(index)
        return tuple(entry.history[: entry.place]) if entry else (index,)

    def ran_as_plain(self, index: int) -> bool:
        """Whether the tests before it in a plain run, and no others, ran before it, and none beside it."""
        return self.before(index) == tuple(range(index + 1)) and len(self.beside([index])) == 1

    def times(self) -> dict[int, tuple[float, float]]:
        """When each test that has run began, and until when one that began then ran beside it."""
        return {index: (entry.began, entry.ended + _MARGIN) for index, entry in self._entries.items()}

    def ended_as_plain(self, index: int) -> bool:
        """Whether the test after it in a plain run came next in its process, or all tests ran there and it is the last:
        then nothing was torn down earlier than in a plain run.
        """
        entry = self._entries.get(index)
        if self._each_alone or entry is None:
            return True
        if index + 1 == len(self._files):
            return len(entry.history) == len(self._files)
        return entry.history[entry.place : entry.place + 1] == [index + 1]

    def missed(self, index: int) -> tuple[int, ...]:
        """The tests of its file up to this one, itself included, if one of them had not run before it in its process.

        Otherwise none.
        """
        if self._each_alone:
            return ()
        file = self._files[index]
        start = index
        while start and self._files[start - 1] == file:
            start -= 1
        tests = tuple(range(start, index + 1))
        return () if set(tests) <= set(self.before(index)) else tests

    def apart(self) -> frozenset[int]:
        """The tests before which not every earlier test of their file had run in their process."""
        found: set[int] = set()
        for _, tests in groupby(self.suite, lambda index: self._files[index]):
            first, *others = tests
            last = self._entries.get(first)
            for index in others:
                entry = self._entries.get(index)
                if not (last and entry and entry.history is last.history):
                    last = None  # then it is so for the rest of the file
                elif entry.place > last.place:
                    last = entry
                if entry is not last or last is None:
                    found.add(index)
        return frozenset(found)

    def beside(self, indexes: Iterable[int]) -> tuple[tuple[int, ...], ...]:
        """The tests that ran while these tests ran, they included: one tuple a process, in order."""
        windows = [(entry.began - _MARGIN, entry.ended + _MARGIN) for entry in map(self._entries.get, indexes) if entry]
        found: dict[int, list[int]] = {}
        for index, entry in self._entries.items():
            if any(entry.began < end and entry.ended > start for start, end in windows):
                found.setdefault(id(entry.history), []).append(index)
        return tuple(map(tuple, found.values()))
