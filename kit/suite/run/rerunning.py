"""Running tests once more, on what the scratch copy was like when the suite was collected."""

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

#: what is run once more: of what was killed or crashed it is known why
_ASKED = ("failed", "error")

#: how much longer a run may take to run once more what nothing depends on, as a part of its time
_SPARE = 0.1

#: how much longer than all tests one after the other a round may take that decides about outcomes
_DECISIVE = 1.5

#: so many files that tests share are named
_MOST_FILES = 3
_DATABASE, _SQLITE_BESIDE = re.compile(r"\.(db|sqlite3?)$"), re.compile(r"-(journal|wal|shm)$")

#: runs batches, each in a new process, by so many workers, until all are done or it is too late
Drive = Callable[[tuple[tuple[int, ...], ...], int, float], None]


class Rerunning:
    """The re-runs of one run. To be made when the suite is collected and no test has run yet."""

    def __init__(self, options: RunOptions, events: RunEvents, drive: Drive, source: Path, root: Path) -> None:
        """``root`` is that of the scratch copy, ``source`` the tree that it is a copy of."""
        self._options, self._events, self._drive = options, events, drive
        self._snapshot = Snapshot(source, root)
        self._writes: dict[int, frozenset[str]] = {}  # the files that a test has changed when it ran alone

    def recheck(self, facts: SuiteFacts, execution_log: ExecutionLog, took_s: float, ends_at: float) -> None:
        """Run what failed once more, and tell what that says of it as soon as it is known, so that whoever ends the run
        ends only what was not asked yet. ``took_s`` is how long the run took, at ``ends_at`` it has to be over.
        """
        verdicts = {index: Verdict(result.alone) for index, result in _unsettled(facts) if result.alone}
        found = _Verdicts(self._events, facts.results, verdicts)
        began = time.monotonic()
        failed = dict(_unasked(facts))
        found.note({index: alone for index, result in failed.items() if (alone := self._known(result))})
        asking = rounds(
            {index: result.failure for index, result in failed.items() if index not in verdicts},
            execution_log,
            self._options.most_workers,
            verdicts,
            had_overlays=facts.views is not None,
        )
        seen: dict[int, RerunResult] | None = None
        with contextlib.suppress(StopIteration):
            while True:
                asked = next(asking) if seen is None else asking.send(seen)
                found.tell()
                now, limit = time.monotonic(), began + self._options.recheck_s
                if asked.is_spare:
                    limit = min(limit, now + _SPARE * took_s)
                elif asked.is_decisive:
                    limit = now + max(self._options.recheck_s, _DECISIVE * execution_log.seconds)
                seen = {}
                for batches in self._run_again(asked, min(limit, ends_at), seen):
                    if asked.title == "alone":
                        found.note(
                            {
                                index: "fails"
                                for batch in batches
                                for index in batch
                                if _fails(index, seen, execution_log)
                            }
                        )
                if asked.is_decisive:
                    began += time.monotonic() - now  # it takes nothing of the others' time
        found.tell()
        if facts.views is None:
            self._tell_what_is_shared(verdicts)
        else:
            self._judge_overlays(verdicts)

    def _tell_what_is_shared(self, verdicts: Mapping[int, Verdict]) -> None:
        together = [index for index, verdict in verdicts.items() if verdict.alone == "fails_beside_others"]
        if together:
            written = shared_files(self._writes.get(index, frozenset()) for index in together)
            self._events.shared_state(shared_state_reason(len(together), written))

    def _judge_overlays(self, verdicts: Mapping[int, Verdict]) -> None:
        """If overlays make tests fail, or do not keep tests apart, the next run does without them."""
        hindered = sum(verdict.alone == "needs_others" for verdict in verdicts.values())
        if hindered:
            self._events.shared_state(overlays_reason(hindered))
            self._events.overlays(overlays_reason(hindered))

    def _known(self, result: TestResult) -> RecheckVerdict | None:
        """What it did alone when it failed like that in an earlier run."""
        failure, alone = self._options.explained.get(result.nodeid, (None, None))
        return alone if failure == result.failure else None

    def run_again(self, asked: Round) -> dict[int, RerunResult]:
        """What tests do in a round."""
        found: dict[int, RerunResult] = {}
        for _ in self._run_again(asked, math.inf, found):
            pass
        return found

    def _run_again(
        self, asked: Round, until: float, found: dict[int, RerunResult]
    ) -> Iterator[tuple[tuple[int, ...], ...]]:
        """Fill ``found`` with what tests do in a round, as far as there is time; the batches that are through."""
        self._events.rechecking(asked.title, sum(map(len, asked.batches)))
        self._events.collect_results(found)
        together = [asked.batches] if asked.workers > 1 else [(batch,) for batch in asked.batches]
        for batches in together:
            if time.monotonic() < until:
                self._snapshot.restore()  # tests leave files and databases behind
                self._drive(batches, asked.workers, until)
                if asked.title == "alone":
                    self._writes[batches[0][0]] = self._snapshot.restore()
                yield batches


class _Verdicts:
    """Tells each verdict once, and again when it is corrected. ``known`` grows; what it begins with was told before."""

    def __init__(self, events: RunEvents, results: Sequence[TestResult], known: dict[int, Verdict]) -> None:
        self._events, self._known, self._told = events, known, dict(known)
        self._outcomes = [result.outcome for result in results]

    def tell(self) -> None:
        for index, verdict in sorted(self._known.items()):
            if self._told.get(index) != verdict:
                self._told[index] = verdict
                self._events.rechecked(index, self._outcomes[index], verdict)
                if verdict.instead:
                    self._outcomes[index] = verdict.instead.outcome

    def note(self, found: Mapping[int, RecheckVerdict]) -> None:
        self._known |= {index: Verdict(alone) for index, alone in found.items()}
        self.tell()


def shared_files(written: Iterable[frozenset[str]]) -> tuple[str, ...]:
    """The files that most tests write, given what each one writes: those that look like a database first. The files
    that SQLite puts beside a database for a while belong to it.
    """
    counts = Counter(path for paths in written for path in {_SQLITE_BESIDE.sub("", path) for path in paths})
    several = [path for path, tests in counts.items() if tests > 1]
    several.sort(key=lambda path: (not _DATABASE.search(path), -counts[path], path))
    return tuple(several[:_MOST_FILES])


def unasked(facts: SuiteFacts) -> str:
    """How many of the tests that failed were not run once more, in words; empty when all were."""
    failed = sum(result.alone is not None or result.outcome in _ASKED for result in facts.results)
    left = len(list(_unasked(facts)))
    return f"{left:,} of {failed:,} tests that had failed were not run once more" if left else ""


def _unasked(facts: SuiteFacts) -> Iterator[tuple[int, TestResult]]:
    """Tests that failed, and nobody knows what they do alone."""
    for index, result in enumerate(facts.results):
        if result.outcome in _ASKED and result.alone is None:
            yield index, result


def _unsettled(facts: SuiteFacts) -> Iterator[tuple[int, TestResult]]:
    """Tests that fail only beside others, when the run was ended before it was said that the suite shares something."""
    for index, result in enumerate(facts.results):
        if result.alone == "fails_beside_others" and facts.shares is None:
            yield index, result


def _fails(index: int, seen: dict[int, RerunResult], execution_log: ExecutionLog) -> bool:
    """Whether a test that was run alone fails, and not just because it was cut off from those before it."""
    return index in seen and seen[index].is_bad and not execution_log.missed(index)
