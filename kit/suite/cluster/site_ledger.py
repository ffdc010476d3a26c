"""Who has which batches when whole machines may be lost: pure accounting."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable

Batch = tuple[int, ...]


class SiteLedger:
    """Every test waits, is held by one site, or is finished. Sites and tests are numbers, as in the run.

    A site that is lost takes with it the knowledge which test it ran: the first unfinished test of each of its batches
    is a suspect. Each suspect is given to a site that runs nothing else, so that a second loss has one culprit.
    """

    def __init__(self, batches: Iterable[Batch]) -> None:
        self._waiting = deque(batches)
        self._suspects: deque[int] = deque()
        self._held: dict[int, list[list[int]]] = {}
        self._alone: dict[int, int] = {}  # sites with a suspect
        self._losses: Counter[int] = Counter()
        self._open = sum(map(len, self._waiting))

    @property
    def is_done(self) -> bool:
        """Whether every test is finished."""
        return self._open == 0

    def hand_out(self, site: int, most: int) -> Batch:
        """The next batch for a site, which may hold ``most`` at a time; empty when there is none for it now."""
        held = self._held.setdefault(site, [])
        if site in self._alone or len(held) >= most:
            return ()
        if self._suspects and not held:
            self._alone[site] = self._suspects.popleft()
            held.append([self._alone[site]])
            return (self._alone[site],)
        if not self._waiting or self._is_wanted_for_suspects(site):
            return ()
        batch = self._waiting.popleft()
        held.append(list(batch))
        return batch

    def finish(self, site: int, candidates: Iterable[int]) -> int | None:
        """Note that a test is finished: the first of ``candidates`` (tests of one name) that the site holds; ``None``
        when it holds none of them, and what it says must be ignored.
        """
        for batch in self._held.get(site, ()):
            for index in candidates:
                if index in batch:
                    self._note_finished(site, batch, index)
                    return index
        return None

    def take_back(self, site: int) -> tuple[int, ...]:
        """A site is lost: what it had not finished waits again. The tests that have now taken down a second one: they
        count as finished.
        """
        self._alone.pop(site, None)
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
        """One site at a time runs empty, to take a suspect; the others go on."""
        busy = (other for other, held in self._held.items() if held)
        return bool(self._suspects) and not self._alone and site == min(busy, default=site)

    def _note_finished(self, site: int, batch: list[int], index: int) -> None:
        batch.remove(index)
        self._open -= 1
        if self._alone.get(site) == index:
            del self._alone[site]
        if not batch:
            self._held[site].remove(batch)
