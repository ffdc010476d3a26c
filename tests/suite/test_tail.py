from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kit.suite import PlainDisplay, Progress, advance, watch
from kit.suite.record.events import HEADER
from tests.suite.conftest import Run

pytestmark = pytest.mark.slow


class Memory(PlainDisplay):
    """A display that keeps everything it is given."""

    def __init__(self) -> None:
        super().__init__(io.StringIO())
        self.seen: list[Progress] = []

    def show(self, progress: Progress) -> None:
        self.seen.append(progress)


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def append(path: Path, *events: Mapping[str, Any], end: bytes = b"\n") -> None:
    with path.open("ab") as file:
        for event in events:
            file.write(msgspec.json.encode(event) + end)


SESSION = {"kind": "session", "at": 0.0, "started": "2026-03-01T10:00:00.000+00:00"}
READY = {"kind": "ready", "at": 1.0, "tests": 2}
PASSED = {"kind": "finished", "at": 2.0, "nodeid": "test_a.py::test_a", "outcome": "passed"}
END = {"kind": "end", "at": 3.0, "seconds": 3.0, "problem": None, "interrupted": False}
INTERRUPTED = {**END, "interrupted": True}


def test_a_run_is_followed_as_its_file_grows(tmp_path: Path) -> None:
    events, display = tmp_path / "events.jsonl", Memory()
    found: list[Progress] = []
    watcher = threading.Thread(target=lambda: found.append(watch(events, display)))
    watcher.start()
    append(events, SESSION)
    wait_for(lambda: any(progress.stage == "collecting" for progress in display.seen))
    append(events, READY, PASSED, end=b"\n")
    append(events, PASSED, end=b"")  # torn, for now
    wait_for(lambda: any(progress.finished == 1 for progress in display.seen))
    shown = len(display.seen)
    wait_for(lambda: len(display.seen) > shown + 1)  # the file has been read once more
    assert display.seen[-1].finished == 1
    with events.open("ab") as file:
        file.write(b"\n")
    append(events, END)
    watcher.join(60)

    assert found[0].stage == "ended"
    assert found[0].finished == 2
    assert {progress.stage for progress in display.seen} >= {"waiting", "collecting", "running", "ended"}


def test_a_run_that_has_ended_is_shown_as_it_ended(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    append(events, SESSION, READY, PASSED, INTERRUPTED)

    assert watch(events, Memory()).interrupted


def test_a_run_that_is_begun_anew_is_followed_from_its_beginning(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    append(events, SESSION, READY, PASSED, PASSED, INTERRUPTED)
    looks = iter(range(100))

    def until() -> bool:
        if next(looks) == 2:
            events.unlink()
            append(events, HEADER, SESSION, READY, END)
        return False

    progress = watch(events, Memory(), until=until)

    assert (progress.stage, progress.finished) == ("ended", 0)


def test_watching_stops_when_it_is_told_to(tmp_path: Path) -> None:
    assert watch(tmp_path / "none.jsonl", Memory(), until=lambda: True).stage == "waiting"


def test_what_was_written_before_it_is_told_to_stop_is_still_read(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"

    def run_has_ended() -> bool:
        append(events, SESSION, READY, PASSED)
        return True

    assert watch(events, Memory(), until=run_has_ended).finished == 1


def test_an_interrupted_run_that_is_gone_on_with_is_followed_further(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    append(events, SESSION, READY, PASSED, INTERRUPTED)
    looks = iter(range(100))

    def until() -> bool:
        if next(looks) == 2:
            append(events, SESSION, READY, PASSED, END)
        return False

    progress = watch(events, Memory(), until=until)

    assert (progress.stage, progress.finished, progress.earlier) == ("ended", 2, 1)


@pytest.mark.parametrize("isolation", ["fork", "process"])
def test_a_real_run_is_live_from_the_first_second_to_the_end(run: Run, tmp_path: Path, isolation: str) -> None:
    stages: list[str] = []
    progress = Progress()

    def on_event(event: Mapping[str, Any]) -> None:
        nonlocal progress
        progress = advance(progress, event)
        stages.append(progress.stage)

    test = "import time, pytest\n@pytest.mark.parametrize('n', range(8))\ndef test_n(n): time.sleep(0.2)\n"
    run({"conftest.py": "import time\ntime.sleep(1.2)\n", "test_a.py": test}, isolation=isolation, on_event=on_event)

    assert stages[0] == "collecting"
    assert stages.count("collecting") >= 3, "a conftest that takes its time is shown to do so"
    assert progress.stage == "ended"
    assert progress.counts["passed"] == 8
    assert watch(tmp_path / "events.jsonl", Memory()) == progress


def test_what_runs_is_said_while_it_runs(run: Run) -> None:
    said: list[Any] = []

    def on_event(event: Mapping[str, Any]) -> None:
        if event["kind"] == "running":
            said.extend(event["tests"])

    run({"test_a.py": "import time\ndef test_a(): time.sleep(1.3)\n"}, on_event=on_event)

    assert [(test["worker"], test["nodeid"], test["phase"]) for test in said][:2] == [
        (1, "test_a.py::test_a", "call")
    ] * 2
    assert said[0]["seconds"] < said[-1]["seconds"]
