"""The search for the first commit that shows something, along first parents and then into what a merge brought in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final, Protocol

#: whether a commit shows it; ``None`` when that cannot be found out there
Verdict = bool | None

#: at most this many commits that cannot be tested are tried in a row before the search gives up on a stretch
_MOST_SKIPPED = 16

#: how much likelier a commit is that changes what the failing test runs
_LIKELY: Final = 64


class Ancestry(Protocol):
    """What the search asks of a history."""

    def parents(self, commit: str) -> tuple[str, ...]:
        """The commits right before it."""

    def line(self, commit: str) -> list[str]:
        """The commit and the first parents before it, newest first."""

    def reachable(self, commit: str) -> frozenset[str]:
        """The commit and all before it."""


@dataclass(frozen=True)
class Found:
    """``first`` is the oldest commit that shows it, with a parent that does not. ``untested`` are the commits right
    before it that were not tested: it may be one of them. ``is_oldest``: ``first`` is the first commit of the history.
    """

    first: str
    untested: tuple[str, ...] = ()
    is_oldest: bool = False


def _none_is_likely(_line: Sequence[str]) -> Collection[str]:
    return ()


def first_showing(
    history: Ancestry,
    start: str,
    shows: Callable[[str], Verdict],
    likely: Callable[[Sequence[str]], Collection[str]] = _none_is_likely,
) -> Found | None:
    """The first commit of those before ``start`` that shows it, ``None`` when ``start`` itself does not.

    ``likely`` chooses those of a line of commits that may well have brought it. The search looks there first; it does
    not decide the answer, which always rests on ``shows``. Where it came, went and came back, this is the latest time
    that it came, as long as the search steps on a commit without it. A merge is blamed only when none of its parents
    shows it.
    """
    if shows(start) is not True:
        return None
    found = _first_on(history.line(start), shows, likely)
    seen: set[str] = set()
    while not found.untested and (side := _bringing(history, found.first, shows, seen)):
        seen.add(side)
        main = history.reachable(history.parents(found.first)[0])
        line = history.line(side)
        own = [commit for commit in line if commit not in main]
        found = _first_on(line[: len(own) + 1], shows, likely, is_whole=len(own) == len(line))
        if found.first in main:  # it was there when the branch began, and was gone on the main line
            break
    sides = [side for side in history.parents(found.first)[1:] if shows(side) is None]
    merged = [(found.first, side) for side in sides]
    merged += [(commit, side) for commit in found.untested for side in history.parents(commit)[1:]]
    return replace(found, untested=(*found.untested, *_own_commits(history, merged)))


def _own_commits(history: Ancestry, merged: Sequence[tuple[str, str]]) -> list[str]:
    """The commits of branches, each with the merge that brought it: those that the main line does not have."""
    found: dict[str, None] = {}
    for merge, side in merged:
        main = history.reachable(history.parents(merge)[0])
        found |= dict.fromkeys(commit for commit in history.line(side) if commit not in main)
    return list(found)


def _bringing(history: Ancestry, commit: str, shows: Callable[[str], Verdict], seen: set[str]) -> str | None:
    """The merged parent of a commit that shows it already."""
    return next((side for side in history.parents(commit)[1:] if side not in seen and shows(side) is True), None)


def _first_on(
    line: Sequence[str],
    shows: Callable[[str], Verdict],
    likely: Callable[[Sequence[str]], Collection[str]],
    *,
    is_whole: bool = True,
) -> Found:
    chosen = likely(line)
    return _Line(line, shows, [_LIKELY if commit in chosen else 1 for commit in line], is_whole=is_whole).first()


class _Line:
    """Commits one after another, newest first; the first of them shows it."""

    def __init__(
        self, commits: Sequence[str], shows: Callable[[str], Verdict], weights: Sequence[int], *, is_whole: bool
    ) -> None:
        """``weights`` say how likely each commit has brought it, in proportion."""
        self._commits, self._shows, self._is_whole = commits, shows, is_whole
        self._step = max(weights)
        #: of each place, the weight of all commits after it
        self._after = [0, *accumulate(weights)]
        self._skipped: set[int] = set()

    def first(self) -> Found:
        bad, good = self._gallop()
        while untested := [at for at in range(bad + 1, good) if at not in self._skipped]:
            at, verdict = self._middle(untested, bad, good)
            if verdict is None:
                break
            bad, good = (at, good) if verdict else (bad, at)
        between = tuple(self._commits[at] for at in range(bad + 1, min(good, len(self._commits))))
        return Found(self._commits[bad], between, bad == len(self._commits) - 1 and self._is_whole)

    def _gallop(self) -> tuple[int, int]:
        """The last commit known to show it and the first known not to, found in steps whose weights double."""
        bad, step = 0, self._step
        while (at := bisect_left(self._after, self._after[bad] + step)) < len(self._commits):
            verdict = self._ask(at)
            if verdict is False:
                return bad, at
            if verdict:
                bad = at
            step *= 2
        last = len(self._commits) - 1
        if last > bad:
            verdict = self._ask(last)
            if verdict is False:
                return bad, last
            bad = last if verdict else bad
        return bad, len(self._commits)

    def _middle(self, untested: Sequence[int], bad: int, good: int) -> tuple[int, Verdict]:
        """The verdict of the commit in the middle, or of one near it when that cannot be tested: nearer to the ends
        with every try, since such commits stand side by side.
        """
        order = _outwards([self._after[at] for at in (bad, *untested, good)])
        for place in order[:_MOST_SKIPPED]:
            if (verdict := self._ask(untested[place])) is not None:
                return untested[place], verdict
        return untested[order[0]], None

    def _ask(self, at: int) -> Verdict:
        if at in self._skipped:
            return None
        verdict = self._shows(self._commits[at])
        if verdict is None:
            self._skipped.add(at)
        return verdict


def _outwards(marks: Sequence[int]) -> list[int]:
    """The places between the first and the last of these rising ``marks``, from 0, in the order to be tried: the one
    nearest to the middle of the marks, then to their quarters, and so on.
    """
    low, high = marks[0], marks[-1]
    number = len(marks) - 2
    found: dict[int, None] = {}
    parts = 2
    while len(found) < number and parts <= 4 * number:
        for part in range(1, parts, 2):
            found[_nearest(marks, low + (high - low) * part / parts) - 1] = None
        parts *= 2
    return list(found | dict.fromkeys(range(number)))


def _nearest(marks: Sequence[int], aim: float) -> int:
    """The place of the mark that is nearest to ``aim``, without the first and the last one."""
    after = min(max(bisect_left(marks, aim), 1), len(marks) - 2)
    return max(after - 1, 1) if aim - marks[after - 1] < marks[after] - aim else after
