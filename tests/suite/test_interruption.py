"""Runs that are ended from outside: nothing is lost, nothing is left, and they can be gone on with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil
import pytest

from kit.suite import read_events, run_suite
from kit.target import is_usual_copy, scratch_copy
from tests.helpers import write_project
from tests.suite.conftest import Run
from tests.suite.projects import RUNGS, rows, target_of

pytestmark = pytest.mark.slow

#: kit in a process of its own, which can be killed
RUNNER = """
import sys
from pathlib import Path
from kit.suite import RunOptions, run_suite
from tests.suite.projects import target_of

run_suite(target_of(Path(sys.argv[1])), events=Path(sys.argv[2]), options=RunOptions(isolation=sys.argv[3]))
"""


def slow_suite(log: Path, gate: Path) -> dict[str, str]:
    """Two dozen tests, each of which writes its name down. From the ninth on they wait until the file ``gate`` exists,
    so that a run cannot end before something happens to it.
    """
    return {
        "pytest.ini": "[pytest]\n",
        "test_a.py": f"""
            import os, time, pytest

            @pytest.mark.parametrize("n", range(24))
            def test_n(n):
                with open({str(log)!r}, "a") as file: file.write(f"{{n}}\\n")
                while n >= 8 and not os.path.exists({str(gate)!r}): time.sleep(0.01)
        """,
    }


def wait_for(condition: Any, seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def descendants_of(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def finished(events: Path) -> list[str]:
    return [result.nodeid for result in read_events(events).results if result.outcome != "not_run"]


@pytest.fixture(params=RUNGS)
def started(tmp_path: Path, request: pytest.FixtureRequest) -> tuple[subprocess.Popen[bytes], Path, Path, Path]:
    """A run in full swing, on each rung: its process, the target, the events, the log of its tests."""
    log, events = tmp_path / "log", tmp_path / "events.jsonl"
    root = write_project(tmp_path / "project", slow_suite(log, tmp_path / "gate"))
    command = [sys.executable, "-c", RUNNER, str(root), str(events), request.param]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    wait_for(lambda: len(finished(events)) >= 4)
    return process, root, events, log


def test_a_run_whose_kit_was_killed_leaves_no_process_and_is_gone_on_with(
    started: tuple[subprocess.Popen[bytes], Path, Path, Path],
) -> None:
    process, root, events, log = started
    left = descendants_of(process.pid)
    assert left
    process.kill()
    process.communicate()
    wait_for(lambda: not any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in left))

    stopped = read_events(events)
    assert stopped.problem == "The run did not finish."
    done = set(finished(events))
    assert 4 <= len(done) < 24
    running_when_killed = {f"test_a.py::test_n[{n}]" for n in log.read_text().split()} - done

    (log.parent / "gate").touch()
    facts = run_suite(target_of(root), events=events, resume=True)

    assert rows(facts) == {"collected": 24, "passed": 24}
    times_run = Counter(f"test_a.py::test_n[{n}]" for n in log.read_text().split())
    assert len(times_run) == 24
    assert {nodeid for nodeid, times in times_run.items() if times > 1} == running_when_killed
    # two workers: each was in the middle of a test, and the word of one that had just ended may have died with kit
    assert len(running_when_killed) <= 4


def test_ctrl_c_ends_everything_and_keeps_what_ran(
    started: tuple[subprocess.Popen[bytes], Path, Path, Path],
) -> None:
    process, root, events, _ = started
    left = descendants_of(process.pid)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=120)

    assert b"KeyboardInterrupt" in stderr
    assert not any(each.is_running() for each in left)
    with scratch_copy(target_of(root)) as copy:
        assert is_usual_copy(target_of(root), copy), "the place of the run that was ended is free"
    facts = read_events(events)
    assert facts.problem == "The run was interrupted."
    assert facts.accounting.holds()
    assert {result.reason for result in facts.results if result.outcome == "not_run"} == {"The run was interrupted."}


@pytest.mark.parametrize("kind", ["collecting", "ready", "child", "finished"])
def test_an_interruption_at_any_moment_keeps_what_is_known(run: Run, tmp_path: Path, kind: str) -> None:
    def interrupt(event: Mapping[str, Any]) -> None:
        if event["kind"] == kind:
            os.kill(os.getpid(), signal.SIGINT)

    files = slow_suite(tmp_path / "log", tmp_path / "gate")
    (tmp_path / "gate").touch()
    before = set(descendants_of(os.getpid()))
    with pytest.raises(KeyboardInterrupt):
        run(files, on_event=interrupt)

    assert not {each for each in descendants_of(os.getpid()) if each.status() != psutil.STATUS_ZOMBIE} - before
    assert read_events(tmp_path / "events.jsonl").problem == "The run was interrupted."
    assert rows(run(files, resume=True)) == {"collected": 24, "passed": 24}


def test_what_has_an_outcome_is_not_run_again(run: Run, tmp_path: Path) -> None:
    files = {"test_a.py": f"def test_a(): open({str(tmp_path / 'log')!r}, 'a').write('x')\n"}
    first = run(files)
    again = run(files, resume=True)

    assert (tmp_path / "log").read_text() == "x"
    assert rows(first) == rows(again) == {"collected": 1, "passed": 1}
    assert again.problem is None


def test_without_resume_a_run_begins_anew(run: Run, tmp_path: Path) -> None:
    files = {"test_a.py": f"def test_a(): open({str(tmp_path / 'log')!r}, 'a').write('x')\n"}
    run(files)
    run(files)

    assert (tmp_path / "log").read_text() == "xx"


def test_a_resumed_run_takes_in_tests_that_are_new(run: Run) -> None:
    run({"test_a.py": "def test_a(): pass\n"})
    facts = run({"test_a.py": "def test_a(): assert 0\ndef test_b(): pass\n"}, resume=True)

    assert rows(facts) == {"collected": 2, "passed": 2}


def test_a_watcher_that_fails_does_not_cost_a_result(run: Run) -> None:
    def fail(event: Mapping[str, Any]) -> None:
        raise RuntimeError("the display is broken")

    assert rows(run({"test_a.py": "def test_a(): pass\n"}, on_event=fail)) == {"collected": 1, "passed": 1}
