"""A plain run that settles outcomes is not cut short by the time for re-runs: a failure that is not true would stay."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from kit.facts.suite import CollectedTest, SuiteFacts, TestResult
from kit.suite import RunOptions
from kit.suite.process.surroundings import Surroundings
from kit.suite.run.execution_log import ExecutionLog
from kit.suite.run.rechecking import RerunResult, Round, Verdict
from kit.suite.run.rechecks import Rechecks
from kit.suite.run.rerunning import Rerunning
from kit.suite.run.run_events import RunEvents
from kit.suite.run.starts import Starts

TESTS = 30


class Events:
    """What a re-run tells; tests pass alone and fail beside each other."""

    def __init__(self) -> None:
        self.title = ""
        self.until: dict[str, float] = {}
        self.verdicts: dict[int, Verdict] = {}
        self._results: dict[int, RerunResult] = {}

    def rechecking(self, title: str, tests: int) -> None:
        self.title = title

    def collect_results(self, into: dict[int, RerunResult]) -> None:
        self._results = into

    def restarted(self, indexes: Sequence[int]) -> None:
        """Nobody counts here."""

    def rechecked(self, index: int, was: str, verdict: Verdict) -> None:
        self.verdicts[index] = verdict

    def shared_state(self, sentence: str) -> None:
        """Nothing is asked about it here."""

    def run(self, batches: tuple[tuple[int, ...], ...], workers: int, until: float) -> None:
        self.until[self.title] = until
        outcome = "failed" if self.title == "beside others" else "passed"
        result = RerunResult(cast("Any", outcome), failure="f" if outcome == "failed" else None)
        self._results |= {index: result for batch in batches for index in batch}


def facts() -> SuiteFacts:
    nodeids = [f"test_{index % 2}.py::test_{index}" for index in range(TESTS)]
    results = (TestResult(nodeid, nodeid[:9], "error", "setup", 0.001, "f") for nodeid in nodeids)
    return SuiteFacts(tests=tuple(CollectedTest(one, one[:9]) for one in nodeids), results=tuple(results))


def rechecks_of(events: Events, folder: Path, recheck_s: float) -> tuple[Rechecks, Rerunning]:
    suite = facts()
    log = ExecutionLog([test.nodeid for test in suite.tests])
    histories: Mapping[int, list[int]] = {0: [], 1: []}
    for index in range(TESTS):
        log.record(histories[index % 2], index, 0.001)  # disturbed tests end early
    told = cast("RunEvents", events)
    rerunning = Rerunning(told, events.run, Starts(), folder, folder, Surroundings(folder))
    return Rechecks(RunOptions(recheck_s=recheck_s), told, rerunning, suite, log, 0.03, math.inf), rerunning


def test_what_there_is_no_time_to_run_alone_is_undecided(tmp_path: Path) -> None:
    rechecks, _ = rechecks_of(Events(), tmp_path, 1e-9)

    assert rechecks.begin({}) == frozenset()
    assert rechecks.undecided == frozenset(range(TESTS))


def test_the_plain_run_has_the_time_that_it_needs(tmp_path: Path) -> None:
    events = Events()
    rechecks, rerunning = rechecks_of(events, tmp_path, 5.0)

    doubtful = rechecks.begin({})
    plain = rerunning.run_round(Round("in order", (tuple(range(TESTS)),)))
    rechecks.end(plain)

    assert doubtful == frozenset(range(TESTS))
    assert rechecks.undecided == frozenset()
    assert events.until["alone"] < math.inf
    assert {verdict.kind for verdict in events.verdicts.values()} == {"fails_beside_others"}
