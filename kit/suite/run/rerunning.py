"""Runs tests once more, each time on the scratch copy as it was when the suite was collected."""

from __future__ import annotations

import contextlib
import math
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from kit.facts.suite import RecheckVerdict, SuiteFacts, TestResult
from kit.suite.options import RunOptions
from kit.suite.process.outcomes import overlays_reason, shared_state_reason
from kit.suite.run.execution_log import ExecutionLog
from kit.suite.run.rechecking import RerunResult, Round, Verdict, rounds
from kit.suite.run.run_events import RunEvents
from kit.target import Snapshot

#: the outcomes that are run once more: why a test crashed or timed out is known
_RECHECKED = ("failed", "error")

#: how much of the run's own time a spare round may take
_SPARE = 0.1

#: how many of the files that tests share are named, at most
_MOST_FILES = 3
_DATABASE, _SQLITE_BESIDE = re.compile(r"\.(db|sqlite3?)$"), re.compile(r"-(journal|wal|shm)$")

#: runs batches, each in a new process, with this number of workers, until all are done or this moment
RunBatches = Callable[[tuple[tuple[int, ...], ...], int, float], None]


class Rerunning:
    """The re-runs of one run. Create it when the suite is collected and no test has run yet: it takes a snapshot."""

    def __init__(
        self, options: RunOptions, events: RunEvents, run_batches: RunBatches, source: Path, root: Path
    ) -> None:
        """``root`` is the scratch copy, ``source`` the tree that it is a copy of."""
        self._options, self._events, self._run_batches = options, events, run_batches
        self._snapshot = Snapshot(source, root)
        self._writes: dict[int, frozenset[str]] = {}  # the files that each test changed when it ran alone

    def recheck(self, facts: SuiteFacts, execution_log: ExecutionLog, took_s: float, ends_at: float) -> None:
        """Run the failures once more, and record each verdict as soon as it is known: an interruption loses none.

        ``took_s`` is how long the run took; at the moment ``ends_at`` it has to be over.
        """
        verdicts = {index: Verdict(result.alone) for index, result in _unsettled(facts) if result.alone}
        found = _Verdicts(self._events, facts.results, verdicts)
        began = time.monotonic()
        failed = dict(_not_rechecked(facts))
        found.note({index: alone for index, result in failed.items() if (alone := self._known(result))})
        planned = rounds(
            {index: result.failure for index, result in failed.items() if index not in verdicts},
            execution_log,
            self._options.most_workers,
            verdicts,
            had_overlays=facts.views is not None,
        )
        seen: dict[int, RerunResult] | None = None
        with contextlib.suppress(StopIteration):
            while True:
                wanted = next(planned) if seen is None else planned.send(seen)
                found.record()
                now, limit = time.monotonic(), began + self._options.recheck_s
                if wanted.is_spare:
                    limit = min(limit, now + _SPARE * took_s)
                elif wanted.is_decisive:
                    limit = math.inf  # disturbed tests end early: how long they took says nothing about this round
                seen = {}
                for batches in self._run_round(wanted, min(limit, ends_at), seen):
                    if wanted.title == "alone":
                        found.note(
                            {
                                index: "fails"
                                for batch in batches
                                for index in batch
                                if _fails(index, seen, execution_log)
                            }
                        )
                if wanted.is_decisive:
                    began += time.monotonic() - now  # its time is not taken from the other rounds
        found.record()
        if facts.views is None:
            self._record_shared_state(verdicts)
        else:
            self._judge_overlays(verdicts)

    def _record_shared_state(self, verdicts: Mapping[int, Verdict]) -> None:
        together = [index for index, verdict in verdicts.items() if verdict.kind == "fails_beside_others"]
        if together:
            written = shared_files(self._writes.get(index, frozenset()) for index in together)
            self._events.shared_state(shared_state_reason(len(together), written))

    def _judge_overlays(self, verdicts: Mapping[int, Verdict]) -> None:
        """If overlays make tests fail, or do not keep tests apart, the next run does without them."""
        hindered = sum(verdict.kind == "needs_others" for verdict in verdicts.values())
        if hindered:
            self._events.shared_state(overlays_reason(hindered))
            self._events.overlays(overlays_reason(hindered))

    def _known(self, result: TestResult) -> RecheckVerdict | None:
        """What the test did alone in an earlier run, if it had the same failure there."""
        failure, alone = self._options.earlier.explained.get(result.nodeid, (None, None))
        return alone if failure == result.failure else None

    def restore(self) -> None:
        """Make the scratch copy what it was when the suite was collected."""
        self._snapshot.restore()

    def run_round(self, wanted: Round, until: float = math.inf) -> dict[int, RerunResult]:
        """Run a round, as far as there is time; the results of its tests."""
        found: dict[int, RerunResult] = {}
        for _ in self._run_round(wanted, until, found):
            pass
        return found

    def _run_round(
        self, wanted: Round, until: float, found: dict[int, RerunResult]
    ) -> Iterator[tuple[tuple[int, ...], ...]]:
        """Run a round as far as there is time: put the results into ``found`` and yield the batches that are done."""
        self._events.rechecking(wanted.title, sum(map(len, wanted.batches)))
        self._events.collect_results(found)
        groups = [wanted.batches] if wanted.workers > 1 else [(batch,) for batch in wanted.batches]
        for batches in groups:
            if time.monotonic() < until:
                self._snapshot.restore()  # tests leave files and databases behind
                self._run_batches(batches, wanted.workers, until)
                if wanted.title == "alone":
                    self._writes[batches[0][0]] = self._snapshot.restore()
                yield batches


class _Verdicts:
    """Records each verdict once, and again when it is corrected.

    ``known`` grows. An earlier session has recorded the verdicts that it holds at the start.
    """

    def __init__(self, events: RunEvents, results: Sequence[TestResult], known: dict[int, Verdict]) -> None:
        self._events, self._known, self._recorded = events, known, dict(known)
        self._outcomes = [result.outcome for result in results]

    def record(self) -> None:
        for index, verdict in sorted(self._known.items()):
            if self._recorded.get(index) != verdict:
                self._recorded[index] = verdict
                self._events.rechecked(index, self._outcomes[index], verdict)
                if verdict.instead:
                    self._outcomes[index] = verdict.instead.outcome

    def note(self, found: Mapping[int, RecheckVerdict]) -> None:
        self._known |= {index: Verdict(alone) for index, alone in found.items()}
        self.record()


def shared_files(written: Iterable[frozenset[str]]) -> tuple[str, ...]:
    """The files that most tests write, given what each test writes; those that look like a database come first.

    The files that SQLite keeps beside a database for a while count as the database.
    """
    counts = Counter(path for paths in written for path in {_SQLITE_BESIDE.sub("", path) for path in paths})
    several = [path for path, tests in counts.items() if tests > 1]
    several.sort(key=lambda path: (not _DATABASE.search(path), -counts[path], path))
    return tuple(several[:_MOST_FILES])


def not_rechecked(facts: SuiteFacts) -> str:
    """The sentence about failed tests that were not run once more; empty when all were."""
    failed = sum(result.alone is not None or result.outcome in _RECHECKED for result in facts.results)
    left = len(list(_not_rechecked(facts)))
    return f"{left:,} of {failed:,} tests that had failed were not run once more" if left else ""


def _not_rechecked(facts: SuiteFacts) -> Iterator[tuple[int, TestResult]]:
    """The tests that failed and have no recheck verdict."""
    for index, result in enumerate(facts.results):
        if result.outcome in _RECHECKED and result.alone is None:
            yield index, result


def _unsettled(facts: SuiteFacts) -> Iterator[tuple[int, TestResult]]:
    """The tests that fail only beside others, if the run ended before it recorded that tests share state."""
    for index, result in enumerate(facts.results):
        if result.alone == "fails_beside_others" and facts.shares is None:
            yield index, result


def _fails(index: int, seen: dict[int, RerunResult], execution_log: ExecutionLog) -> bool:
    """Whether a test that ran alone fails, and not only because it misses the tests before it."""
    return index in seen and seen[index].is_bad and not execution_log.missed(index)
