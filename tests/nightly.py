"""Which tests only ``make nightly`` runs, by the list in ``tests/nightly.txt``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

LIST = Path(__file__).with_name("nightly.txt")


@dataclass(frozen=True)
class Entry:
    """A line of the list: a file or a test below ``tests/``, and patterns of ids of parameters (none: all of it)."""

    name: str
    patterns: tuple[str, ...] = ()

    def holds(self, nodeid: str) -> bool:
        """Whether the line is about this test: ``tests/suite/test_x.py::test_y[fork]``."""
        name, _, ids = nodeid.removeprefix("tests/").partition("[")
        if name != self.name and not name.startswith(f"{self.name}::"):
            return False
        return not self.patterns or any(fnmatchcase(ids.removesuffix("]"), pattern) for pattern in self.patterns)


def entries(text: str) -> tuple[Entry, ...]:
    """The lines of a list."""
    words = [line.split() for line in text.splitlines() if not line.startswith("#")]
    return tuple(Entry(name, tuple(patterns)) for name, *patterns in filter(None, words))


def nightly(nodeids: Iterable[str], listed: Iterable[Entry]) -> frozenset[str]:
    """Those of the tests that a line is about."""
    by_file: dict[str, list[Entry]] = {}
    for entry in listed:
        by_file.setdefault(entry.name.partition("::")[0], []).append(entry)
    return frozenset(
        nodeid
        for nodeid in nodeids
        if any(entry.holds(nodeid) for entry in by_file.get(nodeid.removeprefix("tests/").partition("::")[0], ()))
    )
