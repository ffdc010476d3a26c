"""Running tests once more, on what the scratch copy was like when the suite was collected."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path

from kit.facts.suite import TestResult
from kit.suite.options import RunOptions
from kit.suite.process.outcomes import shares_reason
from kit.suite.run.diary import Diary
from kit.suite.run.rechecking import Round, Seen, Verdict, rounds
from kit.suite.run.telling import Telling
from kit.target import Snapshot

#: how much longer a run may take to run once more what nothing depends on, as a part of its time
_SPARE = 0.1

#: how much longer than all tests one after the other a round may take that decides about outcomes
_DECISIVE = 1.5

#: runs batches, each in a new process, by so many workers, until all are done or it is too late
Drive = Callable[[tuple[tuple[int, ...], ...], int, float], None]


class Rerunning:
    """The re-runs of one run. To be made when the suite is collected and no test has run yet."""

    def __init__(self, options: RunOptions, telling: Telling, drive: Drive, source: Path, root: Path) -> None:
        """``root`` is that of the scratch copy, ``source`` the tree that it is a copy of."""
        self._options, self._telling, self._drive = options, telling, drive
        self._snapshot = Snapshot(source, root)

    def recheck(self, results: tuple[TestResult, ...], diary: Diary, took_s: float) -> None:
        """Run what failed once more, and tell what that says of it; ``took_s`` is how long the run took."""
        failed = {
            index: result.failure
            for index, result in enumerate(results)
            if result.outcome in ("failed", "error") and result.alone is None
        }
        if not failed:
            return
        until = time.monotonic() + self._options.recheck_s
        asking = rounds(failed, diary, self._options.workers)
        try:
            asked = next(asking)
            while True:
                limit = until
                if asked.is_spare:
                    limit = min(until, time.monotonic() + _SPARE * took_s)
                elif asked.is_decisive:
                    limit = time.monotonic() + max(self._options.recheck_s, _DECISIVE * diary.seconds)
                asked = asking.send(self.run_again(asked, limit))
        except StopIteration as end:
            verdicts: dict[int, Verdict] = end.value
        for index, verdict in sorted(verdicts.items()):
            self._telling.rechecked(index, results[index].outcome, verdict)
        together = sum(verdict.alone == "fails_beside_others" for verdict in verdicts.values())
        if together:
            self._telling.shares(shares_reason(together))

    def run_again(self, asked: Round, until: float = math.inf) -> dict[int, Seen]:
        """What tests do in a round, as far as there is time."""
        found: dict[int, Seen] = {}
        self._telling.rechecking(asked.title, sum(map(len, asked.batches)))
        self._telling.collect_results(found)
        together = [asked.batches] if asked.workers > 1 else [(batch,) for batch in asked.batches]
        for batches in together:
            if time.monotonic() < until:
                self._snapshot.restore()  # tests leave files and databases behind
                self._drive(batches, asked.workers, until)
        return found
