"""Runs tests once more, each time on the scratch copy as it was when the suite was collected."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from kit.suite.process.surroundings import Surroundings
from kit.suite.run.rechecking import RerunResult, Round
from kit.suite.run.run_events import RunEvents
from kit.suite.run.run_inputs import is_input
from kit.suite.run.starts import Starts
from kit.target import Snapshot

#: runs batches, each in a new process, with this number of workers, until all are done or this moment
RunBatches = Callable[[tuple[tuple[int, ...], ...], int, float], None]


class Rerunning:
    """The re-runs of one run. Create it when the suite is collected and no test has run yet: it takes a snapshot."""

    def __init__(
        self,
        events: RunEvents,
        run_batches: RunBatches,
        starts: Starts,
        source: Path,
        root: Path,
        surroundings: Surroundings,
    ) -> None:
        """``root`` is the scratch copy, ``source`` the tree that it is a copy of."""
        self._events, self._run_batches, self._starts = events, run_batches, starts
        self._snapshot, self._surroundings = Snapshot(source, root), surroundings
        #: the files that each test changed when it ran alone
        self.writes: dict[int, frozenset[str]] = {}

    def restore(self) -> frozenset[str]:
        """Make the scratch copy what it was when the suite was collected, and what is around it; the paths of the files
        of the copy that are other ones by that.
        """
        self._surroundings.restore()
        return self._snapshot.restore()

    def digests(self) -> dict[str, bytes]:
        """Stands for each file of the scratch copy, as it was when the suite was collected."""
        return self._snapshot.digests()

    @property
    def has_changed(self) -> bool:
        """Whether the scratch copy, or what is around it, has another file by now that tests could read."""
        return self._surroundings.has_changed or any(map(is_input, self._snapshot.changed()))

    def go_on(
        self, tests: tuple[int, ...], until: float, run: Callable[[tuple[int, ...], float], None]
    ) -> dict[int, RerunResult]:
        """Let a process that has already run tests ``run`` these, on the scratch copy as it is; their results."""
        found: dict[int, RerunResult] = {}
        if not tests:
            return found
        self._events.rechecking("in order", len(tests))
        self._events.collect_results(found)
        run(tests, until)
        self._events.restarted(self._starts.untold())
        return found

    def run_round(self, wanted: Round, until: float = math.inf) -> dict[int, RerunResult]:
        """Run a round, as far as there is time; the results of its tests."""
        found: dict[int, RerunResult] = {}
        for _ in self.each_run(wanted, until, found):
            pass
        return found

    def each_run(
        self, wanted: Round, until: float, found: dict[int, RerunResult]
    ) -> Iterator[tuple[tuple[int, ...], ...]]:
        """Run a round as far as there is time: put the results into ``found`` and yield the batches that are done."""
        self._events.rechecking(wanted.title, sum(map(len, wanted.batches)))
        self._events.collect_results(found)
        groups = [wanted.batches] if wanted.workers > 1 else [(batch,) for batch in wanted.batches]
        is_restored = False
        for batches in groups:
            if time.monotonic() < until:
                if not is_restored:
                    self.restore()  # tests leave files and databases behind
                self._run_batches(batches, wanted.workers, until)
                self._events.restarted(self._starts.untold())
                if is_restored := wanted.title == "alone":
                    self.writes[batches[0][0]] = self.restore()
                yield batches
