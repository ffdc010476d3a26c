"""Processes that tests leave behind are ended with the process of the test, and told of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest

from kit.suite.process.leftovers import who_left
from tests.suite.conftest import Run
from tests.suite.projects import by_name, rows

pytestmark = pytest.mark.slow

SLEEPER = "import time; time.sleep(60)"


def sleeping(mark: str) -> list[psutil.Process]:
    return [process for process in psutil.process_iter(["cmdline"]) if mark in (process.info["cmdline"] or ())]


def leaking_suite(mark: str) -> dict[str, str]:
    return {
        "conftest.py": f"""
            import os, subprocess, sys
            import pytest

            COMMAND = [sys.executable, "-c", {SLEEPER!r}, {mark!r}]

            @pytest.fixture
            def server():
                with subprocess.Popen(COMMAND) as process:
                    yield
                    process.kill()
            @pytest.fixture(scope="session")
            def session_server():
                with subprocess.Popen(COMMAND) as process:
                    yield
                    process.kill()
            @pytest.fixture(scope="session")
            def forgotten_server():
                return subprocess.Popen(COMMAND)
        """,
        "test_a.py": """
            import os, subprocess, time
            from conftest import COMMAND

            def test_tidy(server, session_server): pass
            def test_child(session_server):
                subprocess.Popen(COMMAND)
            def test_nothing(): pass
            def test_daemon():
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        os.execv(COMMAND[0], COMMAND)
                    os._exit(0)
                os.wait()
            def test_fixture(forgotten_server): pass
            def test_late(forgotten_server): time.sleep(0.05)
        """,
    }


@pytest.mark.parametrize("isolation", ["fork", "process"])
def test_what_a_test_leaves_behind_is_told_of_it_alone(run: Run, isolation: str) -> None:
    mark = f"kit-test-{uuid4().hex}"
    facts = run(leaking_suite(mark), isolation=isolation, workers=1)
    leaked = {name: result.leaked for name, result in by_name(facts).items() if result.leaked}

    assert rows(facts) == {"collected": 6, "passed": 6}
    assert sorted(leaked) == ["test_child", "test_daemon", "test_fixture"]
    assert {len(processes) for processes in leaked.values()} == {1}
    assert leaked["test_child"][0].startswith(f"{Path(sys.executable).name} -c {SLEEPER} kit-test-")
    assert sleeping(mark) == []


def test_what_has_left_group_and_session_ends_with_its_test_and_not_with_the_run(run: Run, tmp_path: Path) -> None:
    """The daemon holds a lock; a later test needs it, in another process."""
    seen: list[int] = []
    mark = f"kit-test-{uuid4().hex}"

    def look(event: dict[str, Any]) -> None:
        if event["kind"] == "finished" and event["nodeid"].endswith("test_after"):
            seen.append(len(sleeping(mark)))

    facts = run(
        {
            "test_a.py": f"""
                import os, sys, time

                def test_crashes():
                    if os.fork() == 0:
                        os.setsid()
                        if os.fork() == 0:
                            os.execv(sys.executable, [sys.executable, "-c", {SLEEPER!r}, {mark!r}])
                        os._exit(0)
                    time.sleep(0.2)
                    os._exit(1)
                def test_after(): pass
            """
        },
        isolation="fork",
        workers=1,
        on_event=look,
    )

    assert rows(facts) == {"collected": 2, "passed": 1, "crashed": 1}
    assert seen == [0]


def test_two_workers_do_not_take_the_processes_of_each_other(run: Run) -> None:
    """One child ends while the server of the other's test is needed."""
    facts = run(
        {
            "test_a.py": """
                import subprocess, sys, time

                def test_needs_its_server():
                    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as server:
                        for _ in range(20):
                                        assert server.poll() is None
                        server.kill()
            """,
            "test_b.py": "import os\ndef test_crashes(): os._exit(1)\ndef test_c(): os._exit(1)\ndef test_d(): pass\n",
        },
        isolation="fork",
        workers=2,
    )

    assert rows(facts) == {"collected": 4, "passed": 2, "crashed": 2}


@pytest.fixture
def pid() -> Iterator[int]:
    with subprocess.Popen([sys.executable, "-c", SLEEPER]) as process:
        yield process.pid
        process.kill()


@pytest.mark.parametrize(
    ("owner", "ran", "starter"),
    [
        (-10, [(0, -9), (1, 0), (2, 3)], [1]),
        (-10, [(0, -1), (1, -1), (2, 5)], [2]),
        (-10, [(0, -2), (1, -1)], []),
        (100, [(0, 200), (1, 5)], [1]),  # the ids have begun anew while test 1 ran
        (100, [(0, 200), (1, -50), (2, 1)], [2]),
    ],
)
def test_the_ids_tell_which_test_has_started_a_process(
    pid: int, owner: int, ran: list[tuple[int, int]], starter: list[int]
) -> None:
    left = who_left(pid + owner, [(index, pid + after) for index, after in ran], [pid])

    assert list(left) == starter


def test_a_helper_of_pythons_own_is_nobodys_fault(run: Run) -> None:
    facts = run(
        {
            "test_a.py": """
                import multiprocessing, time

                def test_a():
                    with multiprocessing.get_context("spawn").Pool(1) as pool: assert pool.map(abs, [-1]) == [1]
            """
        }
    )

    assert [result.leaked for result in facts.results] == [()]
