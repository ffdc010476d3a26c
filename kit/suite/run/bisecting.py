"""Finds the earlier tests that make a test fail, or pass, by running it after fewer and fewer of them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["polluted", "depends", "fails_always", "passes_always"]


@dataclass(frozen=True)
class Pollution:
    """What earlier tests do to a test.

    ``polluted``: the test passes alone and fails after the tests ``by``. ``depends``: it fails alone and passes after
    them. Otherwise it has the same outcome alone and after all tests before it, and ``by`` is empty. ``by`` is minimal:
    without any one of them the test has the outcome that it has alone. ``runs`` is how often the test was run.
    All of these runs have the modules of the whole suite imported: ``not_alone`` is the error, in one line, if the
    file of the test cannot be collected alone.
    """

    nodeid: str
    kind: Kind
    by: tuple[str, ...] = ()
    runs: int = 0
    not_alone: str = ""


@dataclass(frozen=True)
class Suspects:
    """The same as :class:`Pollution`, with indexes into the collected suite."""

    kind: Kind
    by: tuple[int, ...] = ()


#: yields the tests to run before the test, is sent whether the test failed after them, and returns what was found
Bisection = Generator[tuple[int, ...], bool, Suspects]


def bisection(before: Sequence[int]) -> Bisection:
    """Run the test alone and after all of ``before``; if the outcomes differ, after fewer and fewer of these."""
    fails_alone = yield ()
    fails_after_all = (yield tuple(before)) if before else fails_alone
    if fails_alone == fails_after_all:
        return Suspects("fails_always" if fails_alone else "passes_always")
    by = yield from _fewest(tuple(before), fails_after_all)
    return Suspects("depends" if fails_alone else "polluted", by)


def _fewest(tests: tuple[int, ...], wanted: bool) -> Generator[tuple[int, ...], bool, tuple[int, ...]]:
    """Delta debugging: the fewest of ``tests`` after which the test still fails (or passes), in their order."""
    parts = 2
    while len(tests) > 1:
        size = -(-len(tests) // parts)
        chunks = [tests[start : start + size] for start in range(0, len(tests), size)]
        for chunk in chunks:
            if (yield chunk) == wanted:
                tests, parts = chunk, 2
                break
        else:
            for chunk in chunks if len(chunks) > 2 else ():
                rest = tuple(test for test in tests if test not in set(chunk))
                if (yield rest) == wanted:
                    tests, parts = rest, max(parts - 1, 2)
                    break
            else:
                if parts >= len(tests):
                    break
                parts = min(len(tests), parts * 2)
    return tests


def settle(asking: Bisection, fails_after: Callable[[tuple[int, ...]], bool]) -> tuple[Suspects, int]:
    """Run a bisection; return what it found, and the number of runs. ``fails_after`` runs the test after others."""
    runs = 0
    try:
        before = next(asking)
        while True:
            runs += 1
            before = asking.send(fails_after(before))
    except StopIteration as end:
        found: Suspects = end.value
        return found, runs
