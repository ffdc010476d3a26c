"""The search for the first commit that shows something, along first parents and then into what a merge brought in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

#: whether a commit shows it; ``None`` when that cannot be found out there
Verdict = bool | None

#: at most this many commits that cannot be tested are tried in a row before the search gives up on a stretch
_MOST_SKIPPED = 16


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


def first_showing(history: Ancestry, start: str, shows: Callable[[str], Verdict]) -> Found | None:
    """The first commit of those before ``start`` that shows it, ``None`` when ``start`` itself does not.

    Where it came, went and came back, this is the latest time that it came, as long as the search steps on a commit
    without it. A merge is blamed only when none of its parents shows it.
    """
    if shows(start) is not True:
        return None
    found = _Line(history.line(start), shows).first()
    seen: set[str] = set()
    while not found.untested and (side := _bringing(history, found.first, shows, seen)):
        seen.add(side)
        main = history.reachable(history.parents(found.first)[0])
        line = history.line(side)
        own = [commit for commit in line if commit not in main]
        found = _Line(line[: len(own) + 1], shows, is_whole=len(own) == len(line)).first()
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


class _Line:
    """Commits one after another, newest first; the first of them shows it."""

    def __init__(self, commits: Sequence[str], shows: Callable[[str], Verdict], *, is_whole: bool = True) -> None:
        self._commits, self._shows, self._is_whole = commits, shows, is_whole
        self._skipped: set[int] = set()

    def first(self) -> Found:
        bad, good = self._gallop()
        while untested := [at for at in range(bad + 1, good) if at not in self._skipped]:
            at, verdict = self._middle(untested)
            if verdict is None:
                break
            bad, good = (at, good) if verdict else (bad, at)
        between = tuple(self._commits[at] for at in range(bad + 1, min(good, len(self._commits))))
        return Found(self._commits[bad], between, bad == len(self._commits) - 1 and self._is_whole)

    def _gallop(self) -> tuple[int, int]:
        """The last commit known to show it and the first known not to, found in steps that double."""
        bad, step = 0, 1
        while bad + step < len(self._commits):
            verdict = self._ask(bad + step)
            if verdict is False:
                return bad, bad + step
            if verdict:
                bad += step
            step *= 2
        last = len(self._commits) - 1
        if last > bad:
            verdict = self._ask(last)
            if verdict is False:
                return bad, last
            bad = last if verdict else bad
        return bad, len(self._commits)

    def _middle(self, untested: Sequence[int]) -> tuple[int, Verdict]:
        """The verdict of the commit in the middle, or of one near it when that cannot be tested: nearer to the ends
        with every try, since such commits stand side by side.
        """
        order = _outwards(len(untested))
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


def _outwards(number: int) -> list[int]:
    """The places 0 to ``number - 1`` in the order to be tried: the middle, then halves, quarters, and so on."""
    found: dict[int, None] = {}
    parts = 2
    while len(found) < number:
        places = (number * part // parts for part in range(1, parts, 2))
        found |= dict.fromkeys(place for place in places if place < number)
        parts *= 2
        if parts > 4 * number:
            found |= dict.fromkeys(range(number))
    return list(found)
