"""A failing test that ran without the tests of its file runs once more after these, and not after the whole suite."""

from __future__ import annotations

import math
from typing import cast

from kit.facts.suite import CollectedTest, SuiteFacts, TestResult
from kit.suite.run.execution_log import ExecutionLog
from kit.suite.run.hidden_victims import Asking, HiddenVictims, PlainRun
from kit.suite.run.run_events import RunEvents
from kit.suite.run.run_inputs import RunInputs
from kit.suite.run.starts import Starts
from kit.suite.run.state_log import LoggedChange, Look, StateLog
from kit.suite.run.state_memory import StateMemory

#: ten files of ten tests
NODEIDS = [f"test_{index // 10}.py::test_{index}" for index in range(100)]
FAILED = (34, 38, 75)


def planned(*, doubtful: tuple[int, ...], suspect: int | None = None, undecided: tuple[int, ...] = ()) -> PlainRun:
    """The plain run after failing tests ran alone, in the middle of whose files another process took over."""
    results = tuple(
        TestResult(nodeid, nodeid[:9], "failed" if index in doubtful else "passed")
        for index, nodeid in enumerate(NODEIDS)
    )
    facts = SuiteFacts(tests=tuple(CollectedTest(one, one[:9]) for one in NODEIDS), results=results)
    log, states = ExecutionLog(NODEIDS), StateLog()
    histories: tuple[list[int], list[int]] = ([], [])
    for index in range(100):
        log.record(histories[index % 10 < 3], index, 0.01)
    if suspect is not None:
        change = LoggedChange("app.MODE", "'a'", "'b'", ("MODE",))
        states.looks.append(Look((2,), (change,), histories[1], 3))
        states.readers = [[suspect]]
    asking = Asking(lambda names, until: None, lambda tests, until, questions: {}, Starts())
    files = [one[:9] for one in NODEIDS]
    memory = StateMemory(RunInputs(files, NODEIDS, dict, b""), files, (), results)
    search = HiddenVictims(facts, states, log, cast("RunEvents", None), asking, memory)
    return search.begin(doubtful, [one for one in FAILED if one in doubtful], (), math.inf, undecided)


def test_only_the_tests_of_its_file_run_before_it() -> None:
    run = planned(doubtful=FAILED)

    assert run.tests == (*range(30, 39), *range(70, 76))


def test_states_are_watched_only_where_one_of_the_tests_can_see_a_changed_one() -> None:
    watched = planned(doubtful=FAILED, suspect=38).questions

    assert not watched.unwatched
    assert {*watched.seen} == {*FAILED}
    assert planned(doubtful=FAILED).questions.unwatched


def test_all_tests_run_before_one_that_passes_alone() -> None:
    assert planned(doubtful=(50, *FAILED)).tests == (*range(51), *range(70, 76))


def test_all_tests_run_before_one_that_can_see_what_others_changed() -> None:
    assert planned(doubtful=FAILED, suspect=38).tests == (*range(39), *range(70, 76))


def test_a_suspect_that_passed_runs_after_all_tests_as_well() -> None:
    assert planned(doubtful=FAILED, suspect=44).tests == (*range(45), *range(70, 76))


def test_a_run_after_all_tests_goes_on_to_those_that_there_was_no_time_to_run_alone() -> None:
    assert planned(doubtful=(50, 34), undecided=(98,)).tests == (*range(99),)
    assert planned(doubtful=FAILED, undecided=(98,)).tests == (*range(30, 39), *range(70, 76))
