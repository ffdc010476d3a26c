"""Where a hang is, is told: also with signals blocked or the GIL held, in every phase, and for all threads."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kit.facts.suite import SuiteFacts
from tests.suite.conftest import Run
from tests.suite.projects import by_name, rows

#: test name to its body; the hang is in a function called ``hang_here`` or in the test
HANGS = {
    "python": "while True: time.sleep(0.01)",
    "c": "ctypes.CDLL(None).sleep(60)",
    "gil": "ctypes.PyDLL(None).sleep(60)",
    "deaf": "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65)); time.sleep(60)",
    "deaf_gil": "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65)); ctypes.PyDLL(None).sleep(60)",
    "stopped": "os.kill(os.getpid(), signal.SIGSTOP)",
    "finally": "try: assert 0\n    finally: time.sleep(60)",
    "lock": "threading.Lock().acquire() and threading.Event().wait()",
    "beside_threads": "threading.Thread(target=worker, daemon=True).start(); time.sleep(60)",
}

HEAD = "import ctypes, os, signal, threading, time\ndef worker(): time.sleep(60)\n"


@pytest.fixture(scope="module")
def facts(run_in_module: Callable[..., SuiteFacts]) -> SuiteFacts:
    tests = "".join(f"def test_{name}():\n    {body}\n" for name, body in HANGS.items())
    return run_in_module({"test_a.py": HEAD + tests}, timeout_s=0.5, grace_s=0.2)


@pytest.mark.parametrize("name", HANGS)
def test_the_place_of_a_hang_is_known(facts: SuiteFacts, name: str) -> None:
    result = by_name(facts)[f"test_{name}"]
    raised = facts.failures[result.failure or ""].raised

    assert (result.outcome, result.reason) == ("timed_out", "timed out after 0.5 s in call")
    assert [frame.function for frame in raised.frames if frame.owner == "test"] == [f"test_{name}"]


def test_the_stacks_of_all_threads_are_kept(facts: SuiteFacts) -> None:
    failure = facts.failures[by_name(facts)["test_beside_threads"].failure or ""]

    assert "in worker" in failure.tail
    assert "in test_beside_threads" in failure.tail
    assert "/project" not in failure.tail


@pytest.mark.parametrize("file", ["conftest.py", "test_a.py"])
def test_a_hang_at_collection_tells_of_all_threads(run: Run, file: str) -> None:
    hang = """
        import signal, threading, time

        def worker(): time.sleep(60)
        threading.Thread(target=worker, daemon=True).start()
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
        time.sleep(60)
    """
    facts = run(
        {"test_a.py": "def test_a(): pass\n", "test_b.py": "def test_b(): pass\n", file: hang}, collection_timeout_s=4.0
    )
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
