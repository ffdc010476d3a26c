"""Whatever happens to the record of a run while it goes on, the run goes on, says it once and loses nothing else."""

from __future__ import annotations

import logging
import os
import resource
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from kit.facts.errors import UsageError
from kit.suite import read_events
from kit.suite.record.events import EventWriter, iterate_events
from tests.suite.conftest import Run
from tests.suite.projects import rows

pytestmark = pytest.mark.slow

TESTS = """
    import pytest

    @pytest.mark.parametrize("n", range(20))
    def test_n(n): assert n != 7, f"{n} is not to be"
"""


def at_finished(steps: Mapping[int, Callable[[], None]]) -> Callable[[Mapping[str, Any]], None]:
    """Does something after so many tests."""
    seen = 0

    def on_event(event: Mapping[str, Any]) -> None:
        nonlocal seen
        if event["kind"] == "finished":
            seen += 1
            steps.get(seen, lambda: None)()

    return on_event


class Disk:
    """The disk that a file is on, as whoever has it open sees it."""

    def __init__(self, file: Path) -> None:
        self._file, self._kept = file, -1

    def fill(self) -> None:
        """From now on it is full: the kernel refuses every byte."""
        self._descriptor = next(
            int(link.name) for link in Path("/proc/self/fd").iterdir() if os.path.realpath(link) == str(self._file)
        )
        self._kept = os.dup(self._descriptor)
        full = os.open("/dev/full", os.O_WRONLY)
        os.dup2(full, self._descriptor)
        os.close(full)

    def tidy(self) -> None:
        """There is room again."""
        os.dup2(self._kept, self._descriptor)
        os.close(self._kept)


def test_a_disk_that_is_full_for_a_while_costs_what_was_said_meanwhile_and_no_result(run: Run, tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    disk = Disk(events)
    facts = run({"test_a.py": TESTS}, recheck_s=0.0, on_event=at_finished({5: disk.fill, 15: disk.tidy}))

    assert rows(facts) == {"collected": 20, "passed": 19, "failed": 1}
    assert "events of the run could not be written to events.jsonl: No space left on device." in str(facts.problem)

    read = read_events(events)
    assert read.accounting.executed == 10
    assert read.problem == facts.problem

    again = run({"test_a.py": TESTS}, recheck_s=0.0, resume=True)
    assert rows(again) == {"collected": 20, "passed": 19, "failed": 1}
    assert again.problem is None


def test_a_disk_that_is_full_to_the_end_is_said_to_who_runs_the_tests(run: Run, tmp_path: Path) -> None:
    disk = Disk(tmp_path / "events.jsonl")
    facts = run({"test_a.py": TESTS}, on_event=at_finished({5: disk.fill}))
    os.close(disk._kept)

    assert rows(facts) == {"collected": 20, "passed": 19, "failed": 1}
    assert "No space left on device" in str(facts.problem)
    assert read_events(tmp_path / "events.jsonl").accounting.executed == 5


def test_a_disk_that_is_full_from_the_beginning_is_refused_in_a_sentence() -> None:
    with pytest.raises(UsageError, match="/dev/full cannot be written: No space left on device"):
        EventWriter(Path("/dev/full"))


def test_an_event_after_one_that_did_not_fit_is_whole(tmp_path: Path) -> None:
    """A file that may not grow beyond some size takes a part of a line."""
    writer = EventWriter(tmp_path / "events.jsonl")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((tmp_path / "events.jsonl").stat().st_size + 10, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            writer.write({"kind": "finished", "nodeid": "test_a.py::test_a"})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    writer.write({"kind": "end"})
    writer.close()

    assert b'{"kind":"f\n{"kind":"end"}' in (tmp_path / "events.jsonl").read_bytes()
    assert [event["kind"] for event in iterate_events(tmp_path / "events.jsonl")] == ["header", "end"]


def test_a_record_that_is_removed_while_the_run_goes_on_is_there_again_at_its_end(run: Run, tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    facts = run({"test_a.py": TESTS}, on_event=at_finished({5: events.unlink}))

    assert rows(facts) == {"collected": 20, "passed": 19, "failed": 1}
    assert facts.problem is None
    assert read_events(events) == facts


def test_a_record_that_nobody_may_write_any_more_is_written_on(run: Run, tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    facts = run({"test_a.py": TESTS}, on_event=at_finished({5: lambda: events.chmod(0o400)}))

    assert rows(facts) == {"collected": 20, "passed": 19, "failed": 1}
    assert read_events(events) == facts


def test_a_watcher_that_fails_is_told_of_once_and_costs_nothing(
    run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[str] = []

    def fail(event: Mapping[str, Any]) -> None:
        seen.append(event["kind"])
        if event["kind"] == "ready":
            raise RuntimeError("the display is broken")

    with caplog.at_level(logging.WARNING):
        facts = run({"test_a.py": TESTS}, on_event=fail)

    assert rows(facts) == {"collected": 20, "passed": 19, "failed": 1}
    assert seen[-1] == "ready"
    assert [record.getMessage() for record in caplog.records] == [
        "what shows this run has failed and shows no more of it (RuntimeError: the display is broken)"
    ]
    assert read_events(tmp_path / "events.jsonl") == facts
