"""One pass over batches: the whole suite at first, later the tests that are run once more."""

from __future__ import annotations

from dataclasses import dataclass

from kit.suite.plan.ledger import Ledger
from kit.suite.run.questions import Questions


@dataclass
class RunPhase:
    """The batches to run, and how.

    ``workers`` run them at a time; the number may grow to ``most_workers`` while workers wait and processors are idle.
    ``later`` is how many more workers join as soon as it is worth that.
    ``one_batch_each``: a worker ends after its first batch. ``has_overlays``: each worker has a copy-on-write overlay
    of the files. ``questions`` are asked about state, along with the first batch.
    """

    ledger: Ledger
    workers: int
    most_workers: int
    one_batch_each: bool
    has_overlays: bool
    questions: Questions | None = None
    later: int = 0

    @property
    def watches(self) -> bool:
        """Whether its workers watch the state that tests share."""
        return self.questions is None or not self.questions.unwatched

    @property
    def can_grow(self) -> bool:
        """Whether one more worker may join, and would find something to do."""
        return self.workers < self.most_workers and bool(self.ledger.waiting) and not self.one_batch_each
