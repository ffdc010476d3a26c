"""Answers workers that ask for tests."""

from __future__ import annotations

from collections.abc import Sequence

from kit.suite.process.processes import Child
from kit.suite.run.leading import Leading
from kit.suite.run.starts import Starts
from kit.suite.run.workers import Workers
from kit.wire.commands import Batch


class Answering:
    """Hands out the batches of the run phase, and what kit asks along with the first one. ``nodeids`` are pytest's."""

    def __init__(self, workers: Workers, leading: Leading, nodeids: Sequence[str], starts: Starts) -> None:
        self._workers, self._leading, self._nodeids, self._starts = workers, leading, nodeids, starts

    def send_batch(self, child: Child) -> None:
        """Send the next batch of the phase, or that there is none."""
        phase = self._workers.phase
        batch = () if child.has_worked and phase.one_batch_each else phase.ledger.hand_out(child.slot)
        questions = None if child.has_worked else phase.questions
        child.has_worked = True
        if not batch and (stay := self._leading.answer(child)):
            child.connection.send(stay)
            return
        tests = [(index, self._nodeids[index]) for index in batch]
        answer: Batch = questions.batch(tests, self._starts.left) if questions else {"batch": tests}
        child.connection.send(answer)
