"""The events of a run as a timeline: sessions one after the other, tests with their workers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from kit.suite import read_timeline


def recorded(folder: Path, *events: dict[str, Any]) -> Path:
    file = folder / "events.jsonl"
    file.write_bytes(b"".join(msgspec.json.encode(event) + b"\n" for event in events))
    return file


def session(started: str, attempt: int = 1) -> dict[str, Any]:
    return {"kind": "session", "at": 0.0, "started": started, "attempt": attempt}


def finished(at: float, name: str, outcome: str = "passed", **more: Any) -> dict[str, Any]:
    return {"kind": "finished", "at": at, "nodeid": name, "outcome": outcome, "seconds": 0.5, **more}


def test_a_file_without_a_run_has_none(tmp_path: Path) -> None:
    assert read_timeline(tmp_path / "missing.jsonl") is None
    assert read_timeline(recorded(tmp_path, {"kind": "header"})) is None


def test_tests_stand_with_the_worker_that_ran_them_also_when_it_went_down(tmp_path: Path) -> None:
    run = read_timeline(
        recorded(
            tmp_path,
            session("2026-01-01T00:00:00+00:00"),
            {"kind": "ready", "at": 1.5},
            finished(2.0, "a", worker=1),
            finished(3.0, "hangs", "timed_out", reason="timed out after 60 s in call"),
            {"kind": "child", "at": 3.1, "worker": 2, "state": "lost", "reason": "timed out after 60 s in call"},
            {"kind": "child", "at": 4.0, "worker": 1, "state": "lost", "reason": "exited with 3"},
            finished(4.1, "exits", "crashed", reason="exited with 3"),
            {"kind": "rechecking", "at": 5.0, "how": "alone", "tests": 1200},
            {"kind": "end", "at": 6.0},
        )
    )

    assert run is not None
    assert (run.started, run.ready, run.seconds) == ("2026-01-01T00:00:00+00:00", 1.5, 6.0)
    assert [(one.nodeid, one.at, one.worker) for one in run.ended] == [
        ("a", 2.0, 1),
        ("hangs", 3.0, 2),
        ("exits", 4.1, 1),
    ]
    assert [(one.kind, one.at, one.what) for one in run.moments] == [
        ("lost", 3.1, "timed out after 60 s in call"),
        ("lost", 4.0, "exited with 3"),
        ("rechecking", 5.0, "1,200 tests, alone"),
    ]


def test_sessions_of_one_attempt_continue_each_other_and_a_new_attempt_begins_anew(tmp_path: Path) -> None:
    first = [session("2026-01-01T00:00:00+00:00"), finished(2.0, "a", worker=1)]
    resumed = [session("2026-01-01T05:00:00+00:00"), finished(1.0, "b", worker=1)]
    again = [session("2026-01-02T00:00:00+00:00", 2), finished(0.5, "a", worker=1)]

    both = read_timeline(recorded(tmp_path, *first, *resumed))
    assert both is not None
    assert [(one.nodeid, one.at) for one in both.ended] == [("a", 2.0), ("b", 3.0)]
    assert [(one.kind, one.at) for one in both.moments] == [("resumed", 2.0)]

    last = read_timeline(recorded(tmp_path, *first, *resumed, *again))
    assert last is not None
    assert [(one.nodeid, one.at) for one in last.ended] == [("a", 0.5)]
    assert last.started == "2026-01-02T00:00:00+00:00"
