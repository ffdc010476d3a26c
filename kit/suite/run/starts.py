"""Counts how often each test was started: none is started more than three times in one run, whatever happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

#: how often a test may be started in one run; a resumed run begins to count anew
MOST_STARTS = 3


class Starts:
    """How often each test, by its index, was started. The events of a run tell the same (:meth:`of_events`)."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()
        self._untold: list[int] = []

    def note(self, index: int, *, is_told: bool) -> None:
        """A test was started. ``is_told``: an event of its own says so, since this gave it its first outcome."""
        self._counts[index] += 1
        if not is_told:
            self._untold.append(index)

    def left(self, index: int) -> int:
        """How often a test may still be started."""
        return MOST_STARTS - self._counts[index]

    def untold(self) -> list[int]:
        """The starts since the last call of which no event tells; a test can be among them several times."""
        found, self._untold = self._untold, []
        return found

    def forget(self) -> None:
        """Begin to count anew."""
        self._counts.clear()

    @staticmethod
    def of_events(events: Iterable[Mapping[str, Any]]) -> Counter[str]:
        """How often each node id was started in the last session, by the events."""
        counts: Counter[str] = Counter()
        for event in events:
            if event["kind"] == "session":
                counts.clear()
            elif event["kind"] == "finished":
                counts[event["nodeid"]] += 1
            elif event["kind"] == "restarted":
                counts.update(event["nodeids"])
        return counts
