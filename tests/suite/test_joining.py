"""A worker begins alone where nothing is known of the tests, and others join once it is worth it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from kit.facts.suite import SuiteFacts
from kit.suite.plan.ledger import Ledger
from kit.suite.record.events import iterate_events
from kit.suite.run.joining import Joining, is_worth
from kit.suite.run.run_phase import RunPhase
from tests.suite.conftest import Run
from tests.suite.projects import outcomes

#: each file changes a state that the tests of all others can see
FILES = {
    "app.py": "SEEN = []\n",
    **{f"test_{name}.py": f"import app\n\ndef test_{name}(): app.SEEN.append(1)\n" for name in "abcdefgh"},
}
#: each test waits until two processes run tests
MEETING = """
import os, pathlib, time
import app

def test_meets():
    pathlib.Path({folder!r}, f"{{os.getpid()}}-{{app.ME}}").touch()
    while len(os.listdir({folder!r})) < 2: time.sleep(0.01)
"""


def workers(tmp_path: Path) -> Collection[int]:
    """The processes that ran tests or told something, of all attempts."""
    return [
        event["worker"]
        for event in iterate_events(tmp_path / "events.jsonl")
        if event["kind"] == "child" and event["state"] == "started"
    ]


def reruns(tmp_path: Path) -> int:
    """How many tests were to run once more."""
    return sum(event["tests"] for event in iterate_events(tmp_path / "events.jsonl") if event["kind"] == "rechecking")


@pytest.mark.parametrize(
    ("seconds", "tests", "left", "joins"),
    [(0.4, 100, 99, False), (0.5, 100, 90, True), (0.5, 100, 20, False), (1.0, 10, 10, True), (4.0, 100, 0, False)],
    ids=["too early", "slow", "nearly over", "the first one is slow", "over"],
)
def test_others_join_where_the_tests_that_are_left_seem_to_take_long(
    seconds: float, tests: int, left: int, joins: bool
) -> None:
    assert is_worth(seconds, tests, left) is joins


def test_no_time_counts_before_there_is_a_worker() -> None:
    phase = RunPhase(Ledger([(0,), (1,)]), 1, 2, one_batch_each=False, has_overlays=False, later=1)
    joining = Joining()

    for _ in range(3):
        joining.look(phase, has_worker=False)

    assert (phase.workers, phase.later) == (1, 1)


def test_no_more_workers_join_than_there_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    phase = RunPhase(Ledger([(0,), (1,)]), 1, 4, one_batch_each=False, has_overlays=False, later=1)
    joining, moments = Joining(), iter([0.0, 60.0])
    monkeypatch.setattr("kit.suite.run.joining.time.monotonic", lambda: next(moments))

    joining.look(phase, has_worker=True)
    phase.workers = 4  # the others waited, and processors were idle
    joining.look(phase, has_worker=True)

    assert (phase.workers, phase.later) == (4, 0)


@pytest.mark.slow
@pytest.mark.parametrize("isolation", ["auto", "process"])
def test_a_short_new_suite_runs_in_one_process_and_nothing_is_asked(run: Run, tmp_path: Path, isolation: str) -> None:
    facts = run(FILES, workers=2, begins_alone=True, isolation=isolation)

    assert set(outcomes(facts).values()) == {"passed"}
    assert len(workers(tmp_path)) == 1
    assert reruns(tmp_path) == 0


@pytest.mark.slow
def test_what_one_process_has_shown_holds_for_a_later_run_in_several(run: Run, tmp_path: Path) -> None:
    first = run(FILES, workers=2, begins_alone=True)

    run(FILES, workers=2, begins_alone=True, keep_events=True, **shown(first))

    assert len(workers(tmp_path)) == 3, "one at first, then two"
    assert reruns(tmp_path) == 0


@pytest.mark.slow
def test_a_known_short_suite_without_forks_keeps_to_one_process(run: Run, tmp_path: Path) -> None:
    first = run(FILES, workers=2, begins_alone=True, isolation="process")

    run(FILES, workers=2, begins_alone=True, isolation="process", keep_events=True, **shown(first))

    assert len(workers(tmp_path)) == 2, "one in each run"


@pytest.mark.slow
@pytest.mark.parametrize("isolation", ["auto", "process"])
def test_others_join_a_suite_that_takes_long(run: Run, tmp_path: Path, isolation: str) -> None:
    folder = tmp_path / "met"
    folder.mkdir()
    tests = dict.fromkeys((f"test_{name}.py" for name in "abcdefgh"), MEETING.format(folder=str(folder)))
    me = "import uuid\nME = uuid.uuid4()\n"  # processes can have one id, each in its own sandbox

    facts = run({**tests, "app.py": me}, workers=2, begins_alone=True, isolation=isolation)

    assert set(outcomes(facts).values()) == {"passed"}
    assert len(workers(tmp_path)) >= 2


def shown(facts: SuiteFacts) -> dict[str, Any]:
    """What a run has shown for a later one."""
    durations = {result.nodeid: result.seconds or 0.0 for result in facts.results}
    return {"durations": durations, "settled_states": frozenset(facts.settled_states), "start_method": facts.beginning}
