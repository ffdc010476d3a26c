"""A test that its re-check has corrected is not corrected a second time because it can see what others changed."""

from __future__ import annotations

import math
from typing import Any, cast

from kit.facts.suite import CollectedTest, SuiteFacts, TestResult
from kit.suite.run.execution_log import ExecutionLog
from kit.suite.run.hidden_victims import Asking, HiddenVictims
from kit.suite.run.rechecking import RerunResult, Verdict
from kit.suite.run.run_inputs import RunInputs
from kit.suite.run.starts import Starts
from kit.suite.run.state_log import LoggedChange, Look, StateLog
from kit.suite.run.state_memory import StateMemory

NODEIDS = ["test_a.py::test_sets", "test_b.py::test_reads", "test_c.py::test_reads", "test_d.py::test_is_in_doubt"]


class Events:
    """Notes which tests get a verdict."""

    def __init__(self) -> None:
        self.corrected: list[int] = []

    def rechecked(self, index: int, was: str, verdict: Verdict) -> None:
        self.corrected.append(index)

    def state_settled(self, answers: list[int]) -> None:
        """Nobody asks here."""


def test_only_a_suspect_without_a_verdict_is_corrected() -> None:
    files = [one[:9] for one in NODEIDS]
    results = tuple(TestResult(one, one[:9], "failed" if index else "passed") for index, one in enumerate(NODEIDS))
    facts = SuiteFacts(tests=tuple(map(CollectedTest, NODEIDS, files)), results=results)
    log, states, events = ExecutionLog(NODEIDS), StateLog(), Events()
    first: list[int] = []
    second: list[int] = []
    for index in range(len(NODEIDS)):
        log.record(second if index else first, index, 0.01)
    states.looks.append(Look((0,), (LoggedChange("app.MODE", "'a'", "'b'", ("MODE",)),), first, 1))
    states.readers = [[1, 2]]
    asking = Asking(lambda names, until: None, lambda tests, until, questions: {}, Starts())
    memory = StateMemory(RunInputs(files, NODEIDS, dict, b""), files, (), results)
    search = HiddenVictims(facts, states, log, cast("Any", events), asking, memory)
    plain = {index: RerunResult("passed") for index in search.begin({3}, (), (), math.inf).tests}

    search.end(plain, (), corrected={1, 3})

    assert events.corrected == [2]
