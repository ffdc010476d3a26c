"""No test is started more than three times in one run, and the events tell of every start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kit.suite.run.running import Running
from kit.suite.run.starts import MOST_STARTS, Starts
from tests.suite.conftest import Overdue, Run
from tests.suite.projects import RUNGS

#: tests that fail for all reasons that kit knows, and what they share; each notes that it was started
TROUBLE = """
    import os
    import random
    import app

    def note(name):
        descriptor = os.open({note!r}, os.O_WRONLY | os.O_APPEND)
        os.write(descriptor, name.encode() + b"\\n")
        os.close(descriptor)

    def test_{file}_fails(): note("test_{file}_fails"); assert 1 == 2
    def test_{file}_changes(): note("test_{file}_changes"); app.SEEN.append("{file}")
    def test_{file}_reads(): note("test_{file}_reads"); assert app.SEEN in ([], ["{file}"])
    def test_{file}_clashes():
        note("test_{file}_clashes")
        os.mkdir("only-one")
        os.rmdir("only-one")
    def test_{file}_is_flaky(): note("test_{file}_is_flaky"); assert random.SystemRandom().random() < 0.5
    def test_{file}_dies(): note("test_{file}_dies"); os._exit(3)
    def test_{file}_is_innocent(): note("test_{file}_is_innocent")
"""


@pytest.mark.slow
@pytest.mark.parametrize("isolation", RUNGS)
def test_whatever_fails_no_test_is_started_more_than_three_times(run: Run, tmp_path: Path, isolation: str) -> None:
    note = tmp_path / "note"
    note.touch()
    told: list[Mapping[str, Any]] = []
    files = {f"test_{file}.py": TROUBLE.format(file=file, note=str(note)) for file in "abc"}

    facts = run({"app.py": "SEEN = []\n", **files}, isolation=isolation, workers=2, on_event=told.append)

    noted = Counter(note.read_text().split())
    events = {nodeid.partition("::")[2]: times for nodeid, times in Starts.of_events(told).items()}
    assert facts.accounting.not_run == 0
    assert {name: times for name, times in noted.items() if times > MOST_STARTS} == {}
    assert {name: times for name, times in noted.items() if times > events[name]} == {}
    assert max(noted.values()) > 1


def test_the_starts_of_a_run_are_those_of_its_last_session() -> None:
    events: list[dict[str, Any]] = [
        {"kind": "session"},
        {"kind": "finished", "nodeid": "t.py::a"},
        {"kind": "session"},
        {"kind": "finished", "nodeid": "t.py::a"},
        {"kind": "restarted", "nodeids": ["t.py::a", "t.py::b", "t.py::b"]},
    ]

    assert Starts.of_events(events) == {"t.py::a": 2, "t.py::b": 2}


def test_starts_are_counted_down_and_told_once() -> None:
    starts = Starts()
    starts.note(1, is_told=True)
    starts.note(1, is_told=False)

    assert [starts.left(0), starts.left(1)] == [3, 1]
    assert (starts.untold(), starts.untold()) == ([1], [])


#: fails; when it runs alone, it tells that and does not end
RUNS_ON = """
    import time
    from pathlib import Path

    def test_it():
        log = Path({log!r})
        is_first = not log.exists()
        log.open("a").write("started\\n")
        if not is_first:
            Path({marker!r}).touch()
            time.sleep(600)
        raise OSError("no")
"""


@pytest.mark.slow
@pytest.mark.parametrize("isolation", ["fork", "process"])
def test_a_start_of_a_test_that_there_is_no_time_for_is_told(
    run: Run, tmp_path: Path, overdue: Overdue, isolation: str
) -> None:
    log, marker = tmp_path / "log", tmp_path / "marker"
    overdue(marker, "kit.suite.run.worker_pool")
    told: list[Mapping[str, Any]] = []

    facts = run(
        {"test_a.py": RUNS_ON.format(log=str(log), marker=str(marker))},
        isolation=isolation,
        workers=1,
        timeout_s=600.0,
        on_event=told.append,
    )

    assert facts.accounting.failed == 1
    assert len(log.read_text().split()) == 2
    assert Starts.of_events(told) == {"test_a.py::test_it": 2}


def test_a_round_of_tests_that_have_no_start_left_does_not_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[tuple[tuple[int, ...], ...]] = []
    starts = Starts()
    for _ in range(MOST_STARTS):
        starts.note(7, is_told=True)
    running = Running.__new__(Running)
    running._spec, running._starts, running._left_out = SimpleNamespace(forks_each=False), starts, frozenset({8})  # type: ignore[arg-type]
    rerunning = SimpleNamespace(run_round=lambda wanted, until: rounds.append(wanted.batches) or {})
    monkeypatch.setitem(running.__dict__, "_rerunning", rerunning)

    for tests in ((7, 8), (7, 9)):
        running._run_in_order(tests, 0.0, None)

    assert rounds == [((9,),)]
