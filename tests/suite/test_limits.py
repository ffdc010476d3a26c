"""How long a test, a collection and a run may take, and what a test may do when its time is over."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kit.suite.process.stacks import dump_stack, peek
from tests.suite.conftest import Run
from tests.suite.projects import by_name, rows

BOTH = pytest.mark.parametrize("isolation", ["fork", "process"])


def test_a_slow_test_is_mentioned_once_with_the_place_where_it_is_and_goes_on(run: Run) -> None:
    """A sleeping call of the system must not be woken up: with a signal it would return too early."""
    events: list[Any] = []
    facts = run(
        {
            "test_a.py": """
                import ctypes

                def test_slow():
                    libc = ctypes.CDLL(None, use_errno=True)
                    assert libc.usleep(900_000) == 0, ctypes.get_errno()
                def test_quick(): pass
            """
        },
        slow_s=0.3,
        on_event=events.append,
    )
    (slow,) = [event for event in events if event["kind"] == "slow"]

    assert rows(facts) == {"collected": 2, "passed": 2}
    assert (slow["nodeid"], slow["phase"]) == ("test_a.py::test_slow", "call")
    assert slow["seconds"] >= 0.3
    assert [(frame["path"], frame["function"]) for frame in slow["frames"]][-1] == ("test_a.py", "test_slow")


def test_a_test_is_called_slow_at_half_of_its_own_limit(run: Run) -> None:
    events: list[Any] = []
    facts = run(
        {"test_a.py": "import time\ndef test_a(): time.sleep(0.8)\ndef test_patient(): time.sleep(0.8)\n"},
        timeout_s=1.4,
        timeouts=(("*patient", 30.0),),
        on_event=events.append,
    )

    assert rows(facts) == {"collected": 2, "passed": 2}
    assert [event["nodeid"] for event in events if event["kind"] == "slow"] == ["test_a.py::test_a"]


def test_a_pattern_gives_a_test_another_limit(run: Run) -> None:
    facts = run(
        {"test_a.py": "import time\ndef test_a(): time.sleep(60)\ndef test_b(): time.sleep(1.0)\n"},
        timeouts=(("*::test_a", 0.5), ("*", 20.0)),
        timeout_s=0.1,
    )

    assert by_name(facts)["test_a"].reason == "timed out after 0.5 s in call"
    assert by_name(facts)["test_b"].outcome == "passed"


@BOTH
def test_a_test_that_is_ended_can_clean_up_within_its_grace(run: Run, tmp_path: Path, isolation: str) -> None:
    log = tmp_path / "log"
    facts = run(
        {
            "test_a.py": f"""
                import os, signal, time

                def test_cleans_up():
                    def clean_up(*_):
                        open({str(log)!r}, "a").write("clean\\n")
                        os._exit(0)
                    signal.signal(signal.SIGTERM, clean_up)
                    time.sleep(60)
                def test_ignores_it():
                    signal.signal(signal.SIGTERM, lambda *_: open({str(log)!r}, "a").write("ignored\\n"))
                    while True: time.sleep(0.01)
                def test_after(): pass
            """
        },
        timeout_s=0.5,
        grace_s=1.0,
        isolation=isolation,
        workers=1,
    )

    assert rows(facts) == {"collected": 3, "passed": 1, "timed_out": 2}
    assert log.read_text() == "clean\nignored\n"


def test_the_whole_run_has_a_limit_and_what_had_no_time_says_so(run: Run) -> None:
    files = {
        "test_a.py": """
            import time, pytest

            def test_quick(): pass
            @pytest.mark.parametrize("n", range(5))
            def test_long(n): time.sleep(60)
        """
    }
    facts = run(files, run_timeout_s=4.0, timeout_s=60.0)

    assert rows(facts) == {"collected": 6, "passed": 1, "not_run": 5}
    assert facts.problem == "The run was ended after 4 s, the limit for the whole run."
    assert {result.reason for result in facts.results if result.outcome == "not_run"} == {facts.problem}


def test_a_collection_cannot_take_longer_than_the_whole_run(run: Run) -> None:
    facts = run({"conftest.py": "import time\ntime.sleep(60)\n", "test_a.py": ""}, run_timeout_s=1.0)

    assert "collection did not end within 1 s (it hangs at conftest.py:2)" in str(facts.problem)


#: it has said that it is ready, and may not have gone on yet
AT_THE_END = re.compile("line [56] in hang")

DEAF = """
import signal, sys, threading, time
def hang():
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    print("ready", flush=True)
    time.sleep(60)
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
hang()
"""


def test_the_stack_of_a_process_that_is_deaf_to_signals_is_read_from_its_memory(tmp_path: Path) -> None:
    command = [sys.executable, "-c", DEAF]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        stack = dump_stack(process.pid, tmp_path / "stacks")
        process.kill()

    assert AT_THE_END.search(stack.partition("Current thread")[2])
    assert stack.count("hread 0x") == 2


ASKED = """
import faulthandler, signal, sys, time
faulthandler.register(signal.SIGRTMAX, file=open(sys.argv[1], "w"), all_threads=True)
def hang():
    print("ready", flush=True)
    time.sleep(60)
hang()
"""


def test_where_no_memory_can_be_read_a_process_is_asked_for_its_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.suite.process.stacks._PY_SPY", tmp_path / "no-py-spy")
    command = [sys.executable, "-c", ASKED, str(tmp_path / "stacks")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        stack = dump_stack(process.pid, tmp_path / "stacks")
        process.kill()

    assert AT_THE_END.search(stack)


def test_a_process_that_is_gone_has_no_stack(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()

    assert dump_stack(process.pid, tmp_path / "stacks") == peek(process.pid) == peek(None) == ""


def test_reading_a_stack_leaves_no_trace_in_the_process() -> None:
    """Its own clock tells that it slept as long as it wanted."""
    code = "import time; print(flush=True); t = time.monotonic(); time.sleep(0.6); print(time.monotonic() - t >= 0.6)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        stacks = [peek(process.pid) for _ in range(5)]
        assert process.stdout.read() == "True\n"

    assert all("in <module>" in stack for stack in stacks)
