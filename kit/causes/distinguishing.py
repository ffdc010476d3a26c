"""Which module sets failing tests apart from passing ones: Ochiai's coefficient, on what test files import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
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


def most_distinguishing(
    failing: Collection[str], passing: Iterable[str], loads: Mapping[str, frozenset[str]]
) -> Distinguishing | None:
    """The modules of the target that come closest to being imported by the failing tests and by no passing one.

    ``failing`` and ``passing`` are the test files, one entry for each test; ``loads`` has the paths of the modules that
    each of these files imports, directly or not. ``None`` when no module tells anything: all is imported by all.
    """
    tests = Counter(failing)
    passed = Counter(passing)
    failing_by = _importing(tests, loads)
    passing_by = _importing(passed, loads)
    scores = {
        path: (count / sqrt(tests.total() * (count + passing_by[path])), count, passing_by[path])
        for path, count in failing_by.items()
        if path not in tests and count * passed.total() > passing_by[path] * tests.total()
    }
    if not scores:
        return None
    best = max(scores.values())
    return Distinguishing(tuple(sorted(path for path, score in scores.items() if score == best)), *best)


def _importing(tests: Counter[str], loads: Mapping[str, frozenset[str]]) -> Counter[str]:
    """By module: how many of the tests import it."""
    found: Counter[str] = Counter()
    for file, count in tests.items():
        for path in loads.get(file, ()):
            found[path] += count
    return found
