"""Where a hang is, is told: also with signals blocked or the GIL held, in every phase, and for all threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from kit.facts.suite import SuiteFacts
from tests.suite.conftest import Clock, Overdue, Run
from tests.suite.projects import by_name, rows

pytestmark = pytest.mark.slow

#: test name to its body; ``late()`` makes it overdue for kit just before it hangs
HANGS = {
    "python": "late()\n    while True: time.sleep(0.01)",
    "c": "late(); ctypes.CDLL(None).sleep(60)",
    "gil": "late(); ctypes.PyDLL(None).sleep(60)",
    "deaf": "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65)); late(); time.sleep(60)",
    "deaf_gil": "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65)); late(); ctypes.PyDLL(None).sleep(60)",
    "stopped": "late(); os.kill(os.getpid(), signal.SIGSTOP)",
    "finally": "try: assert 0\n    finally:\n        late()\n        time.sleep(60)",
    "lock": "late(); threading.Lock().acquire() and threading.Event().wait()",
    "beside_threads": "threading.Thread(target=worker, daemon=True).start(); late(); time.sleep(60)",
}

HEAD = """
import ctypes, os, signal, threading, time
def worker(): time.sleep(60)
def late(): open({marker!r}, "w").close()
"""


@pytest.fixture(scope="module")
def facts(run_in_module: Callable[..., SuiteFacts], tmp_path_factory: pytest.TempPathFactory) -> SuiteFacts:
    marker = tmp_path_factory.mktemp("late") / "marker"
    tests = "".join(f"def test_{name}():\n    {body}\n" for name, body in HANGS.items())

    def on_event(event: Mapping[str, Any]) -> None:
        if event["kind"] == "finished":
            marker.unlink(missing_ok=True)  # the next test is in time

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kit.suite.process.board.time", Clock(marker, 3600.0))
        files = {"test_a.py": HEAD.format(marker=str(marker)) + tests}
        return run_in_module(files, timeout_s=60.0, grace_s=0.2, workers=1, on_event=on_event)


@pytest.mark.parametrize("name", HANGS)
def test_the_place_of_a_hang_is_known(facts: SuiteFacts, name: str) -> None:
    result = by_name(facts)[f"test_{name}"]
    raised = facts.failures[result.failure or ""].raised

    assert (result.outcome, result.reason) == ("timed_out", "timed out after 60 s in call")
    assert [frame.function for frame in raised.frames if frame.owner == "test"] == [f"test_{name}"]


def test_the_stacks_of_all_threads_are_kept(facts: SuiteFacts) -> None:
    failure = facts.failures[by_name(facts)["test_beside_threads"].failure or ""]

    assert "in worker" in failure.tail
    assert "in test_beside_threads" in failure.tail
    assert "/project" not in failure.tail


@pytest.mark.parametrize("file", ["conftest.py", "test_a.py"])
def test_a_hang_at_collection_tells_of_all_threads(run: Run, tmp_path: Path, overdue: Overdue, file: str) -> None:
    marker = tmp_path / "marker"
    overdue(marker, "kit.suite.collect.collection")
    hang = f"""
        import signal, threading, time

        def worker(): time.sleep(60)
        threading.Thread(target=worker, daemon=True).start()
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
        open({str(marker)!r}, "w").close(); time.sleep(60)
    """

    def on_event(event: Mapping[str, Any]) -> None:
        if event["kind"] == "collection_error":
            marker.unlink()  # the suite is collected again, without that file

    files = {"test_a.py": "def test_a(): pass\n", "test_b.py": "def test_b(): pass\n", file: hang}
    facts = run(files, collection_timeout_s=100.0, on_event=on_event)
    (error,) = facts.collection_errors

    assert error.path == file
    assert (error.failure.raised.frames[-1].path, error.failure.raised.frames[-1].line) == (file, 6)
    assert "in worker" in error.failure.tail


@pytest.mark.parametrize("isolation", ["fork", "process"])
@pytest.mark.parametrize(
    "conftest",
    [
        "import atexit, time\n@atexit.register\ndef hang_here(): time.sleep(60)\n",
        "import time\ndef pytest_sessionfinish(): hang_here()\ndef hang_here(): time.sleep(60)\n",
    ],
    ids=["atexit", "sessionfinish"],
)
def test_a_hang_after_the_last_test_costs_no_result_and_is_told(run: Run, conftest: str, isolation: str) -> None:
    facts = run(
        {"conftest.py": conftest, "test_a.py": "def test_a(): pass\n"}, timeout_s=1.0, isolation=isolation, workers=1
    )
    (warning,) = facts.warnings

    assert rows(facts) == {"collected": 1, "passed": 1}
    assert warning.message == "pytest did not end within 1 s after its last test, it hangs in hang_here"
    assert (warning.path, warning.line) == ("conftest.py", 3)
