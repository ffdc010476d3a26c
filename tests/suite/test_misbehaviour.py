"""Tests that crash, hang, exit and leave things behind: each is called by its name, and no other test is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psutil
import pytest

from kit.facts.suite import SuiteFacts
from tests.suite.conftest import Run
from tests.suite.projects import by_name, rows

LIMIT = 1.5

#: function name to (body, expected outcome, expected reason)
KILLERS: dict[str, tuple[str, str, str | None]] = {
    "exits_0": ("os._exit(0)", "crashed", "exited with 0"),
    "exits_3": ("os._exit(3)", "crashed", "exited with 3"),
    "segfaults": ("ctypes.string_at(0)", "crashed", "crashed: SIGSEGV"),
    "kills_itself": ("os.kill(os.getpid(), signal.SIGKILL)", "crashed", "crashed: SIGKILL"),
    "aborts": ("os.abort()", "crashed", "crashed: SIGABRT"),
    "hangs": ("while True: time.sleep(0.01)", "timed_out", "timed out after 1.5 s in call"),
    "hangs_in_c": ("ctypes.PyDLL(None).sleep(60)", "timed_out", "timed out after 1.5 s in call"),
    "hangs_deaf": (
        "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65)); time.sleep(60)",
        "timed_out",
        "timed out after 1.5 s in call",
    ),
    "closes_everything": (
        "os.closerange(3, 256)",
        "crashed",
        "crashed: it closed file descriptors that it had not opened",
    ),
    "interrupts": ("raise KeyboardInterrupt", "failed", "KeyboardInterrupt would have ended the run"),
    "exits_pytest": ("pytest.exit('enough')", "failed", "pytest.exit would have ended the run"),
    "exits_system": ("raise SystemExit(3)", "failed", None),
    "stops_generator": ("raise GeneratorExit", "failed", None),
    "breaks_a_hook": ("pass", "error", "pytest failed with an internal error"),
    "closes_output": ("os.close(0); os.close(1); os.close(2)", "passed", None),
    "floods": ("[os.write(fd, b'x' * 100_000) for fd in (1, 2) for _ in range(300)]", "passed", None),
    "forks_and_forgets": ("os.fork()", "passed", None),
    "forks_a_thread": ("threading.Thread(target=time.sleep, args=(60,)).start()", "passed", None),
    "kills_its_group": ("os.killpg(0, signal.SIGTERM)", "crashed", "crashed: SIGTERM"),
    "changes_folder": ("os.chdir('/')", "passed", None),
    "patches_os": ("import json; os.write = time.monotonic = json.dumps = os._exit = None", "passed", None),
}

#: function name to the innermost function of the stack that it leaves
STACKS = [("segfaults", "string_at"), ("hangs", "test_hangs"), ("hangs_in_c", "test_hangs_in_c")]

CONFTEST = """
    def pytest_runtest_logreport(report):
        if report.when == "call" and "::test_breaks_a_hook" in report.nodeid:
            raise LookupError("a plugin of the target's has a bug")
"""


def misbehaving_suite() -> dict[str, str]:
    """Each killer between harmless tests of the same module."""
    head = "import ctypes, os, signal, threading, time, pytest\n"
    killers = "".join(
        f"def test_before_{name}(): pass\ndef test_{name}():\n    {body}\n" for name, (body, *_) in KILLERS.items()
    )
    return {"conftest.py": CONFTEST, "test_killers.py": f"{head}{killers}def test_last(): pass\n"}


@pytest.fixture(scope="module", params=["fork", "process"])
def facts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SuiteFacts:
    run: Callable[..., SuiteFacts] = request.getfixturevalue("run_in_module")
    return run(misbehaving_suite(), isolation=request.param, timeout_s=LIMIT)


def test_every_test_is_accounted_for(facts: SuiteFacts) -> None:
    assert facts.accounting.holds()
    assert facts.accounting.not_run == 0
    assert facts.problem is None


def test_no_harmless_test_is_lost(facts: SuiteFacts) -> None:
    harmless = {name: result.outcome for name, result in by_name(facts).items() if "before" in name or "last" in name}

    assert len(harmless) == len(KILLERS) + 1
    assert set(harmless.values()) == {"passed"}


@pytest.mark.parametrize("name", KILLERS)
def test_each_is_called_by_its_name(facts: SuiteFacts, name: str) -> None:
    result = by_name(facts)[f"test_{name}"]

    assert (result.outcome, result.reason) == KILLERS[name][1:]


@pytest.mark.parametrize(("name", "function"), STACKS)
def test_the_stack_where_it_ended_is_kept(facts: SuiteFacts, name: str, function: str) -> None:
    failure = facts.failures[by_name(facts)[f"test_{name}"].failure or ""]

    assert failure.raised.frames[-1].function == function
    assert [frame.path for frame in failure.raised.frames if frame.owner == "test"] == ["test_killers.py"]


def test_what_ended_the_session_is_kept_as_a_failure(facts: SuiteFacts) -> None:
    raised = {
        name: facts.failures[by_name(facts)[f"test_{name}"].failure or ""].raised
        for name in ("interrupts", "exits_pytest", "exits_system", "breaks_a_hook")
    }

    assert {name: info.type for name, info in raised.items()} == {
        "interrupts": "KeyboardInterrupt",
        "exits_pytest": "Exit",
        "exits_system": "SystemExit",
        "breaks_a_hook": "LookupError",
    }


def left_behind(mark: str) -> list[psutil.Process]:
    return [process for process in psutil.process_iter(["cmdline"]) if mark in (process.info["cmdline"] or ())]


def test_no_process_that_a_test_started_is_left(run: Run) -> None:
    mark = f"kit-test-{uuid4().hex}"
    code = "import time; time.sleep(60)"
    facts = run(
        {
            "test_a.py": f"""
                import os, subprocess, sys, time, pytest

                COMMAND = [sys.executable, "-c", {code!r}, {mark!r}]

                def test_child(): subprocess.Popen(COMMAND)
                def test_own_session(): subprocess.Popen(COMMAND, start_new_session=True)
                def test_daemon():
                    if os.fork() == 0:
                        os.setsid()
                        if os.fork() == 0:
                            os.execv(COMMAND[0], COMMAND)
                        os._exit(0)
                def test_child_of_a_crash():
                    subprocess.Popen(COMMAND)
                    os._exit(1)
                def test_child_of_a_hang():
                    subprocess.Popen(COMMAND)
                    time.sleep(60)
            """
        },
        timeout_s=LIMIT,
    )

    assert rows(facts) == {"collected": 5, "passed": 3, "timed_out": 1, "crashed": 1}
    assert left_behind(mark) == []


def test_a_fixture_that_hangs_is_blamed_with_its_phase(run: Run) -> None:
    facts = run(
        {
            "test_a.py": """
                import os, time, pytest

                @pytest.fixture
                def slow_setup(): time.sleep(60)
                @pytest.fixture
                def slow_teardown():
                    yield
                    time.sleep(60)
                @pytest.fixture(scope="session")
                def crashing_end():
                    yield
                    os._exit(7)

                def test_setup(slow_setup): pass
                def test_teardown(slow_teardown): pass
                def test_session(crashing_end): pass
            """
        },
        timeout_s=LIMIT,
        workers=1,
    )
    results = by_name(facts)

    assert results["test_setup"].reason == "timed out after 1.5 s in setup"
    assert results["test_teardown"].reason == "timed out after 1.5 s in teardown"
    assert (results["test_session"].reason, results["test_session"].phase) == ("exited with 7", "teardown")


def test_a_test_that_kills_the_process_it_was_forked_from_is_found(run: Run) -> None:
    facts = run(
        {
            "test_a.py": """
                import os, signal, time

                def test_before(): pass
                def test_kills_its_parent():
                    os.kill(os.getppid(), signal.SIGKILL)
                    time.sleep(10)
                def test_after(): pass
            """
        },
        isolation="fork",
        workers=1,
    )
    results = by_name(facts)

    assert results["test_kills_its_parent"].outcome == "crashed"
    assert "with the process that it was forked from" in str(results["test_kills_its_parent"].reason)
    assert results["test_before"].outcome == results["test_after"].outcome == "passed"


def test_a_slow_test_is_mentioned_before_its_limit(run: Run) -> None:
    events: list[Any] = []
    run({"test_a.py": "import time\ndef test_slow(): time.sleep(1.3)\n"}, timeout_s=2.0, on_event=events.append)

    assert [event["nodeid"] for event in events if event["kind"] == "slow"] == ["test_a.py::test_slow"]
