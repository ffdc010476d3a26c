"""Gathers what the processes of a run report about the units that tests run."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable
from typing import TypeAlias

from kit.suite.process.messages import Executed

#: a unit by its file and its first line; line 0 is the text of the file, file ``""`` what cannot be seen at all
Place: TypeAlias = tuple[str, int]


class Gathered:
    """``of_test`` are the units of each test, by its index; ``during`` the files during whose import a unit ran
    (``""``: outside of any file); ``edges`` the files that made others load. ``unseen`` are files of
    which something was loaded in a way that shows no units. ``lines`` are those that some tests ran, by index and path.
    ``unread`` are the files that were loaded since somebody has taken them from there.
    """

    def __init__(self) -> None:
        self.of_test: dict[int, set[Place]] = defaultdict(set)
        self.during: dict[Place, set[str]] = defaultdict(set)
        self.edges: set[tuple[str, str]] = set()
        self.seen: set[str] = set()
        self.unseen: set[str] = set()
        self.lines: dict[int, dict[str, list[int]]] = {}
        self.unread: deque[str] = deque()
        self._numbered: dict[Hashable, list[Place]] = defaultdict(list)

    def take(self, connection: Hashable, message: Executed) -> None:
        """Take in a message; the numbers of units are those of its connection."""
        places = self._numbered[connection]
        places += message.new
        for number, files in message.imports:
            self.during[places[number]].update(files)
        self.edges.update(message.edges)
        self.unread += {*message.seen, *message.unseen} - self.seen - self.unseen
        self.seen.update(message.seen)
        self.unseen.update(message.unseen)
        if message.index < 0:
            places.clear()  # what follows is of another process, or begins anew
        else:
            self.of_test[message.index].update(places[number] for number in message.units)
