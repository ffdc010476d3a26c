"""Which module sets failing tests apart from passing ones: Ochiai's coefficient, on what test files import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True)
class Distinguishing:
    """Modules that no number tells apart, as paths. ``score`` is Ochiai's coefficient, from 0 to 1: how close "imports
    it" comes to "fails". ``failing`` and ``passing`` count the tests that import them.
    """

    paths: tuple[str, ...]
    score: float
    failing: int
    passing: int


class Passing:
    """The passing tests of a run, ``number`` of them, to be compared with one group of failing ones after the other.

    ``files`` are their test files, one entry for each test; ``loads`` has the paths of the modules that each test file
    imports, directly or not.
    """

    def __init__(self, files: Iterable[str], loads: Mapping[str, frozenset[str]]) -> None:
        tests = Counter(files)
        self._loads = loads
        self.number = tests.total()
        self._importing = _importing(tests, loads)
        self._known: dict[frozenset[tuple[str, int]], Distinguishing | None] = {}

    def set_apart(self, failing: Iterable[str]) -> Distinguishing | None:
        """The modules of the target that come closest to being imported by the failing tests, whose files these are,
        and by no passing one. ``None`` when no module tells anything: all is imported by all.
        """
        tests = Counter(failing)
        key = frozenset(tests.items())  # many groups fail in the same files
        if key not in self._known:
            self._known[key] = self._set_apart(tests)
        return self._known[key]

    def _set_apart(self, tests: Counter[str]) -> Distinguishing | None:
        passing = self._importing
        scores = {
            path: (ochiai(count, tests.total(), passing[path]), count, passing[path])
            for path, count in _importing(tests, self._loads).items()
            if path not in tests and count * self.number > passing[path] * tests.total()
        }
        if not scores:
            return None
        best = max(scores.values())
        return Distinguishing(tuple(sorted(path for path, score in scores.items() if score == best)), *best)


def ochiai(count: float, failing: int, passing: int) -> float:
    """Ochiai's coefficient, from 0 to 1, of what ``count`` of ``failing`` tests and ``passing`` others share."""
    return count / sqrt(failing * (count + passing))


def _importing(tests: Counter[str], loads: Mapping[str, frozenset[str]]) -> Counter[str]:
    """By module: how many of the tests import it."""
    found: Counter[str] = Counter()
    for file, count in tests.items():
        for path in loads.get(file, ()):
            found[path] += count
    return found
