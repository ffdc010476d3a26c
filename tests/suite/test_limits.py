"""How long a test, a collection and a run may take, and what a test may do when its time is over."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kit.suite.process.stacks import dump_stack, peek
from tests.suite.conftest import Overdue, Run
from tests.suite.projects import by_name, rows

pytestmark = pytest.mark.slow

BOTH = pytest.mark.parametrize("isolation", ["fork", "process"])


#: where kit reads how long a test has been running
BOARD = "kit.suite.process.board"


def when_slow(said: Path, events: list[Any]) -> Callable[[Any], None]:
    """Keep the events, and create ``said`` when a test was called slow."""

    def on_event(event: Any) -> None:
        events.append(event)
        if event["kind"] == "slow":
            said.touch()

    return on_event


def test_a_slow_test_is_mentioned_once_with_the_place_where_it_is_and_goes_on(
    run: Run, tmp_path: Path, overdue: Overdue
) -> None:
    """A sleeping call of the system must not be woken up: with a signal it would return too early."""
    marker, said = tmp_path / "marker", tmp_path / "said"
    overdue(marker, BOARD, seconds=40.0)
    events: list[Any] = []
    facts = run(
        {
            "test_a.py": f"""
                import ctypes, os

                def test_slow():
                    libc = ctypes.CDLL(None, use_errno=True)
                    open({str(marker)!r}, "w").close()
                    for _ in range(200):
                        assert libc.usleep(300_000) == 0, ctypes.get_errno()
                        if os.path.exists({str(said)!r}):
                            break
                    os.remove({str(marker)!r})
                def test_quick(): pass
            """
        },
        slow_s=30.0,
        timeout_s=60.0,
        workers=1,
        on_event=when_slow(said, events),
    )
    (slow,) = [event for event in events if event["kind"] == "slow"]

    assert rows(facts) == {"collected": 2, "passed": 2}
    assert (slow["nodeid"], slow["phase"]) == ("test_a.py::test_slow", "call")
    assert slow["seconds"] >= 30
    assert [(frame["path"], frame["function"]) for frame in slow["frames"]][-1] == ("test_a.py", "test_slow")


def test_a_test_is_called_slow_at_half_of_its_own_limit(run: Run, tmp_path: Path, overdue: Overdue) -> None:
    """It has been running for 40 seconds, by kit's clock: that is more than half of 60, and less than half of 1000."""
    marker, said, seen = tmp_path / "marker", tmp_path / "said", tmp_path / "seen"
    overdue(marker, BOARD, seconds=40.0)
    events: list[Any] = []
    keep = when_slow(said, events)

    def on_event(event: Any) -> None:
        keep(event)
        if event["kind"] == "running" and any(test["seconds"] >= 40 for test in event["tests"]):
            seen.touch()

    facts = run(
        {
            "test_a.py": f"""
                import os, time

                def wait_for(path):
                    deadline = time.monotonic() + 60
                    while not os.path.exists(path) and time.monotonic() < deadline: time.sleep(0.01)

                def test_patient():
                    open({str(marker)!r}, "w").close()
                    wait_for({str(seen)!r})
                    os.remove({str(marker)!r})
                def test_a():
                    open({str(marker)!r}, "w").close()
                    wait_for({str(said)!r})
                    os.remove({str(marker)!r})
            """
        },
        timeout_s=60.0,
        timeouts=(("*patient", 1000.0),),
        workers=1,
        on_event=on_event,
    )

    assert rows(facts) == {"collected": 2, "passed": 2}
    assert [event["nodeid"] for event in events if event["kind"] == "slow"] == ["test_a.py::test_a"]


def test_a_pattern_gives_a_test_another_limit(run: Run, tmp_path: Path, overdue: Overdue) -> None:
    """Both have been running for 40 seconds, by kit's clock."""
    marker, seen = tmp_path / "marker", tmp_path / "seen"
    overdue(marker, BOARD, seconds=40.0)

    def on_event(event: Any) -> None:
        if event["kind"] == "finished" and event["nodeid"].endswith("test_a"):
            marker.unlink()
        if event["kind"] == "running" and any(test["seconds"] >= 40 for test in event["tests"]):
            seen.touch()

    facts = run(
        {
            "test_a.py": f"""
                import os, time

                def test_a():
                    open({str(marker)!r}, "w").close()
                    time.sleep(60)
                def test_b():
                    open({str(marker)!r}, "w").close()
                    while not os.path.exists({str(seen)!r}): time.sleep(0.01)
                    os.remove({str(marker)!r})
            """
        },
        timeouts=(("*::test_a", 20.0), ("*", 1000.0)),
        timeout_s=10.0,
        workers=1,
        on_event=on_event,
    )

    assert by_name(facts)["test_a"].reason == "timed out after 20 s in call"
    assert by_name(facts)["test_b"].outcome == "passed"


@BOTH
def test_a_test_that_is_ended_can_clean_up_within_its_grace(
    run: Run, tmp_path: Path, overdue: Overdue, isolation: str
) -> None:
    """Whoever ignores SIGTERM has its grace taken away as soon as it has had the signal: see the second marker."""
    log, marker, no_grace = tmp_path / "log", tmp_path / "marker", tmp_path / "no_grace"
    overdue(marker, BOARD)
    overdue(no_grace, "kit.suite.run.workers")
    facts = run(
        {
            "test_a.py": f"""
                import os, signal, time

                def hang():
                    open({str(marker)!r}, "w").close()
                    while True: time.sleep(0.01)
                def test_cleans_up():
                    def clean_up(*_):
                        open({str(log)!r}, "a").write("clean\\n")
                        os.remove({str(marker)!r})
                        os._exit(0)
                    signal.signal(signal.SIGTERM, clean_up)
                    hang()
                def test_ignores_it():
                    def ignore(*_):
                        open({str(log)!r}, "a").write("ignored\\n")
                        os.remove({str(marker)!r})
                        open({str(no_grace)!r}, "w").close()
                    signal.signal(signal.SIGTERM, ignore)
                    hang()
                def test_after(): pass
            """
        },
        timeout_s=60.0,
        grace_s=60.0,
        isolation=isolation,
        workers=1,
    )

    assert rows(facts) == {"collected": 3, "passed": 1, "timed_out": 2}
    assert log.read_text() == "clean\nignored\n"


@BOTH
def test_a_test_that_ends_within_its_grace_is_followed_by_no_other_in_that_worker(
    run: Run, tmp_path: Path, overdue: Overdue, isolation: str
) -> None:
    """The tests behind it have gone to another worker by then, and would be started twice."""
    log, marker = tmp_path / "log", tmp_path / "marker"
    overdue(marker, BOARD)
    facts = run(
        {
            "test_a.py": f"""
                import os, pytest, signal, time

                def test_goes_on():
                    goes_on = []
                    signal.signal(signal.SIGTERM, lambda *_: goes_on.append(True))
                    open({str(marker)!r}, "w").close()
                    while not goes_on: time.sleep(0.01)
                    os.remove({str(marker)!r})
                @pytest.mark.parametrize("number", range(40))
                def test_after(number):
                    open({str(log)!r}, "a").write(f"{{number}}\\n")
            """
        },
        timeout_s=60.0,
        grace_s=60.0,
        isolation=isolation,
        workers=1,
    )

    assert rows(facts) == {"collected": 41, "passed": 40, "timed_out": 1}
    assert sorted(map(int, log.read_text().split())) == [*range(40)]


def test_the_whole_run_has_a_limit_and_what_had_no_time_says_so(run: Run, tmp_path: Path, overdue: Overdue) -> None:
    marker = tmp_path / "marker"
    overdue(marker, "kit.suite.process.supervisor")
    files = {
        "test_a.py": f"""
            import time, pytest

            def test_quick(): pass
            @pytest.mark.parametrize("n", range(5))
            def test_long(n):
                open({str(marker)!r}, "w").close()
                time.sleep(60)
        """
    }
    facts = run(files, run_timeout_s=600.0, timeout_s=600.0, workers=1)

    assert rows(facts) == {"collected": 6, "passed": 1, "not_run": 5}
    assert facts.problem == "The run was ended after 600 s, the limit for the whole run."
    assert {result.reason for result in facts.results if result.outcome == "not_run"} == {facts.problem}


def test_a_collection_cannot_take_longer_than_the_whole_run(run: Run, tmp_path: Path, overdue: Overdue) -> None:
    marker = tmp_path / "marker"
    overdue(marker, "kit.suite.collect.collection")
    hangs = f"import time\nopen({str(marker)!r}, 'w').close(); time.sleep(60)\n"
    facts = run({"conftest.py": hangs, "test_a.py": ""}, run_timeout_s=100.0)

    assert "collection did not end within 100 s (it hangs at conftest.py:2)" in str(facts.problem)


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


#: what pytest-timeout adds, as far as it says how long tests may take
LIMITS = """
    def pytest_addoption(parser):
        parser.addoption("--timeout", type=float)
        parser.addini("timeout", "seconds")

    def pytest_configure(config):
        config.addinivalue_line("markers", "timeout(seconds): its limit")
"""


@pytest.mark.parametrize(
    ("settings", "addopts", "mark"),
    [("timeout = 90", "", ""), ("", "--timeout 90", ""), ("timeout = 5", "", "@pytest.mark.timeout(90)")],
)
def test_the_targets_own_limit_counts_where_it_is_longer_than_that_of_kit(
    run: Run, tmp_path: Path, overdue: Overdue, settings: str, addopts: str, mark: str
) -> None:
    """kit sees the test 80 seconds later than it is, which is more than its own limit."""
    marker = tmp_path / "marker"
    overdue(marker, BOARD, seconds=80.0)
    events: list[Any] = []
    facts = run(
        {
            "pytest.ini": f"[pytest]\n{settings}\naddopts = {addopts}\n",
            "conftest.py": LIMITS,
            "test_a.py": f"""
                import os, time
                import pytest

                {mark or "@pytest.mark.usefixtures()"}
                def test_long():
                    open({str(marker)!r}, "w").close()
                    for _ in range(300):
                        time.sleep(0.1)
                        if os.path.exists({str(tmp_path / "said")!r}):
                            break
            """,
        },
        addopts=tuple(addopts.split()),
        timeout_s=None,
        on_event=when_slow(tmp_path / "said", events),
    )

    assert by_name(facts)["test_long"].outcome == "passed"
    assert any(event["kind"] == "slow" for event in events)  # kit has looked at it while it was late
