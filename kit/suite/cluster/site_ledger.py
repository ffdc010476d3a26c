"""Keeps account of the batches of all sites, where a whole machine may be lost."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable

Batch = tuple[int, ...]


class SiteLedger:
    """Every test waits, is held by one site, or is finished. Sites and tests are numbers.

    When a site is lost, nobody knows which test it ran: the first unfinished test of each of its batches is a suspect.
    A suspect runs on a site that runs nothing else, so that a second loss has one culprit.
    """

    def __init__(self, batches: Iterable[Batch]) -> None:
        self._waiting = deque(batches)
        self._suspects: deque[int] = deque()
        self._held: dict[int, list[list[int]]] = {}
        self._isolated: dict[int, int] = {}  # the suspects, by site
        self._losses: Counter[int] = Counter()
        self._open = sum(map(len, self._waiting))

    @property
    def is_done(self) -> bool:
        """Whether every test is finished."""
        return self._open == 0

    def hand_out(self, site: int, most: int) -> Batch:
        """The next batch for a site that may hold ``most`` batches; empty if there is none for it now."""
        held = self._held.setdefault(site, [])
        if site in self._isolated or len(held) >= most:
            return ()
        if self._suspects and not held:
            self._isolated[site] = self._suspects.popleft()
            held.append([self._isolated[site]])
            return (self._isolated[site],)
        if not self._waiting or self._is_wanted_for_suspects(site):
            return ()
        batch = self._waiting.popleft()
        held.append(list(batch))
        return batch

    def finish(self, site: int, candidates: Iterable[int]) -> int | None:
        """Record that a test is finished: the first of ``candidates`` (tests with one name) that the site holds.

        Returns ``None`` if the site holds none of them: the result must then be ignored.
        """
        for batch in self._held.get(site, ()):
            for index in candidates:
                if index in batch:
                    self._note_finished(site, batch, index)
                    return index
        return None

    def take_back(self, site: int) -> tuple[int, ...]:
        """Return the unfinished tests of a lost site to the queue.

        Returns the tests that have now lost a second site; these count as finished.
        """
        self._isolated.pop(site, None)
        culprits = []
        for batch in self._held.pop(site, []):
            suspect, *rest = batch
            self._losses[suspect] += 1
            if self._losses[suspect] > 1:
                culprits.append(suspect)
            else:
                self._suspects.append(suspect)
            if rest:
                self._waiting.appendleft(tuple(rest))
        self._open -= len(culprits)
        return tuple(culprits)

    def _is_wanted_for_suspects(self, site: int) -> bool:
        """Whether this site gets no more batches, so that it can take a suspect; the other sites continue."""
        busy = (other for other, held in self._held.items() if held)
        return bool(self._suspects) and not self._isolated and site == min(busy, default=site)

    def _note_finished(self, site: int, batch: list[int], index: int) -> None:
        batch.remove(index)
        self._open -= 1
        if self._isolated.get(site) == index:
            del self._isolated[site]
        if not batch:
            self._held[site].remove(batch)
