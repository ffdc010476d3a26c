"""What a process holds for later runs, what it must not hold, and what happens when it is gone or outdated."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kit.suite.warm import WarmSuite
from tests.helpers import write_project
from tests.suite.projects import outcomes, rows
from tests.suite.warm.conftest import Warm

pytestmark = pytest.mark.slow


def held_by(suite: WarmSuite, *libraries: str) -> dict[str, bool]:
    """Which of the libraries were there before anything of the target was imported, by the project of the fixture."""
    names = ", ".join(repr(name) for name in libraries)
    write_project(
        Path(suite._target.root),
        {
            "conftest.py": f"import sys\nSEEN = [name for name in ({names},) if name in sys.modules]\n",
            "test_held.py": f"""
                import pytest
                from conftest import SEEN
                @pytest.mark.parametrize("name", [{names}])
                def test_held(name): assert name in SEEN
            """,
        },
    )
    found = outcomes(suite.run(["test_held.py"]))
    return {nodeid.rpartition("[")[2][:-1]: outcome == "passed" for nodeid, outcome in found.items()}


def interpreters(suite: WarmSuite) -> Iterator[psutil.Process]:
    """The processes of the suite that hold libraries: below the guard."""
    for process in psutil.Process().children(recursive=True):
        if "suite.main" in process.cmdline() and not process.children():
            yield process


def test_a_library_that_starts_a_thread_is_left_out_with_those_that_import_it(warm: Warm, libraries: Path) -> None:
    """A thread does not live on in a fork."""
    thread = "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
    write_project(libraries, {"calm.py": "", "busy.py": thread, "idle.py": "import busy\n", "late.py": ""})
    suite = warm({"test_a.py": "import calm, idle, late\ndef test_a(): pass\n"}, isolation="fork")
    suite.run()

    assert held_by(suite, "calm", "busy", "idle", "late") == {"calm": True, "busy": False, "idle": False, "late": True}
    assert suite.started.startswith("warm")


def test_a_library_that_opens_a_socket_is_left_out(warm: Warm, libraries: Path) -> None:
    write_project(libraries, {"calm.py": "", "wired.py": "import socket\nPAIR = socket.socketpair()\n"})
    suite = warm({"test_a.py": "import wired, calm\ndef test_a(): pass\n"}, isolation="fork")
    suite.run()

    assert held_by(suite, "calm", "wired") == {"calm": True, "wired": False}


def test_a_library_that_imports_the_target_is_left_out(warm: Warm, libraries: Path, root: Path) -> None:
    """An edit of what it imports would not be seen any more."""
    write_project(libraries, {"calm.py": "", "framework.py": "from settings import VALUE\n"})
    tests = "import calm, framework\ndef test_a(): assert framework.VALUE == 2\n"
    suite = warm({"settings.py": "VALUE = 1\n", "test_a.py": tests})
    assert rows(suite.run()) == {"collected": 1, "failed": 1}

    write_project(root, {"settings.py": "VALUE = 2\n"})
    assert rows(suite.run()) == {"collected": 1, "passed": 1}
    assert suite.started.startswith("warm")
    assert held_by(suite, "calm", "framework") == {"calm": True, "framework": False}


def test_a_library_whose_own_library_the_target_replaces_is_left_out(warm: Warm, libraries: Path) -> None:
    write_project(
        libraries, {"heavy.py": "NAME = 'real'\n", "user.py": "import heavy\nNAME = heavy.NAME\n", "calm.py": ""}
    )
    stub = "import sys, types\nsys.modules['heavy'] = types.SimpleNamespace(NAME='stub')\n"
    tests = "import user, calm\ndef test_a(): assert user.NAME == 'stub'\n"
    suite = warm({"conftest.py": stub, "test_a.py": tests})

    assert [rows(suite.run()) for _ in range(2)] == [{"collected": 1, "passed": 1}] * 2
    assert held_by(suite, "calm", "user") == {"calm": True, "user": False}


def test_a_library_that_cannot_be_imported_before_the_target_is_left_out(warm: Warm, libraries: Path) -> None:
    write_project(libraries, {"needy.py": "import sys\nassert 'conftest' in sys.modules\n", "crash.py": "1 / 0\n"})
    tests = "import needy\ntry:\n    import crash\nexcept ZeroDivisionError: pass\ndef test_a(): pass\n"
    suite = warm({"conftest.py": "", "test_a.py": tests})

    assert [rows(suite.run()) for _ in range(2)] == [{"collected": 1, "passed": 1}] * 2
    assert suite.started.startswith("warm")


def test_a_library_that_ends_the_process_is_left_out(warm: Warm, libraries: Path) -> None:
    needs = "import os, sys\n'conftest' in sys.modules or os._exit(7)\n"
    write_project(libraries, {"deadly.py": needs, "calm.py": ""})
    suite = warm({"conftest.py": "", "test_a.py": "import deadly, calm\ndef test_a(): pass\n"})

    assert [rows(suite.run()) for _ in range(2)] == [{"collected": 1, "passed": 1}] * 2
    assert held_by(suite, "calm") == {"calm": True}


def test_libraries_see_the_environment_that_a_conftest_gives_them(warm: Warm, libraries: Path) -> None:
    write_project(libraries, {"reader.py": "import os\nURL = os.environ.get('DATABASE_URL')\n"})
    files = {
        "conftest.py": "import os\nBEFORE = os.environ.get('DATABASE_URL')\nos.environ['DATABASE_URL'] = 'memory'\n",
        "test_a.py": """
            import reader
            from conftest import BEFORE
            def test_library(): assert reader.URL == "memory"
            def test_conftest(): assert BEFORE is None
        """,
    }
    suite = warm(files)

    assert [rows(suite.run()) for _ in range(2)] == [{"collected": 2, "passed": 2}] * 2
    assert suite.started.startswith("warm")


def test_what_a_new_file_needs_is_held_from_then_on(warm: Warm, libraries: Path, root: Path) -> None:
    write_project(libraries, {"first.py": "", "second.py": ""})
    suite = warm({"test_a.py": "import first\ndef test_a(): pass\n"})
    suite.run()
    write_project(root, {"test_b.py": "import second\ndef test_b(): pass\n"})
    suite.run(["test_b.py"])

    assert held_by(suite, "first", "second") == {"first": True, "second": True}


@pytest.mark.parametrize("runs_before", [1, 2])
def test_a_changed_library_is_imported_anew(warm: Warm, libraries: Path, runs_before: int) -> None:
    """Also when it changes while it is being imported, right after the first run."""
    write_project(libraries, {"library.py": "VALUE = 1\n"})
    suite = warm({"test_a.py": "import library\ndef test_a(): assert library.VALUE == 2\n"})
    before = [rows(suite.run()) for _ in range(runs_before)]
    write_project(libraries, {"library.py": "VALUE = 2\n"})

    assert before == [{"collected": 1, "failed": 1}] * runs_before
    assert rows(suite.run()) == {"collected": 1, "passed": 1}
    assert suite.started.startswith("warm")


def test_a_changed_environment_holds(warm: Warm, monkeypatch: pytest.MonkeyPatch) -> None:
    suite = warm({"test_a.py": "import os\ndef test_a(): assert os.environ.get('SWITCH') == 'on'\n"})
    before = [rows(suite.run()) for _ in range(2)]
    monkeypatch.setenv("SWITCH", "on")

    assert before == [{"collected": 1, "failed": 1}] * 2
    assert rows(suite.run()) == {"collected": 1, "passed": 1}


def test_a_process_that_was_killed_between_runs_is_replaced(warm: Warm) -> None:
    suite = warm({"test_a.py": "def test_a(): pass\n"})
    assert [rows(suite.run()) for _ in range(2)] == [{"collected": 1, "passed": 1}] * 2
    (process,) = interpreters(suite)
    process.kill()
    process.wait()

    assert rows(suite.run()) == {"collected": 1, "passed": 1}
    assert suite.started.startswith("warm")


def test_a_process_that_dies_while_tests_run_costs_no_test(warm: Warm, tmp_path: Path) -> None:
    """The tests are in processes that it has forked: the guard ends them with it."""
    tests = f"""
        import os, signal, time, pathlib
        MARK = pathlib.Path({str(tmp_path / "killed")!r})  # each run begins with an empty folder for temporary files
        def test_first(): pass
        def test_kills():
            parent = os.getppid()
            holder = int(pathlib.Path(f"/proc/{{parent}}/stat").read_text().rpartition(")")[2].split()[1])
            if RUN == 2 and not MARK.exists():
                MARK.touch()
                os.kill(holder, signal.SIGKILL)
                time.sleep(60)
        def test_last(): pass
    """
    suite = warm({"test_a.py": "RUN = 1\n" + tests.replace("\n        ", "\n")}, workers=1)
    suite.run()
    write_project(Path(suite._target.root), {"test_a.py": "RUN = 2\n" + tests.replace("\n        ", "\n")})

    assert rows(suite.run()) == {"collected": 3, "passed": 3}
    assert suite.started == "cold: the process that held the libraries has died"
    assert rows(suite.run()) == {"collected": 3, "passed": 3}
    assert suite.started.startswith("warm")


def test_what_tests_left_running_is_gone_after_the_run(warm: Warm, tmp_path: Path) -> None:
    lock = tmp_path / "lock"  # held as long as the process lives; its id may be that of a namespace
    tests = f"""
        import fcntl, os, time
        def test_a():
            reading, writing = os.pipe()
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    held = open({str(lock)!r}, "w")
                    fcntl.flock(held, fcntl.LOCK_EX)
                    os.write(writing, b"held")
                    time.sleep(600)
                os._exit(0)
            os.wait()
            assert os.read(reading, 20) == b""
    """
    suite = warm({"test_a.py": tests})
    suite.run()
    facts = suite.run()

    assert suite.started.startswith("warm")
    assert facts.results[0].leaked == ("a fork of the process that runs the tests",)
    assert facts.results[0].outcome == "failed", "it waited until the lock was held"
    with lock.open() as free:
        fcntl.flock(free, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_ctrl_c_ends_everything_and_the_suite_can_go_on(warm: Warm) -> None:
    suite = warm({"test_a.py": "import time\ndef test_a(): time.sleep(0.2)\ndef test_b(): time.sleep(0.2)\n"})
    suite.run()

    def interrupt(event: object) -> None:
        if isinstance(event, dict) and event["kind"] == "child":
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        suite.run(on_event=interrupt)
    assert len(list(interpreters(suite))) == 1
    assert rows(suite.run()) == {"collected": 2, "passed": 2}
    assert suite.started.startswith("warm")


def test_imports_that_hang_are_given_up(warm: Warm, libraries: Path) -> None:
    write_project(libraries, {"slow.py": "import sys, time\n'conftest' in sys.modules or time.sleep(600)\n"})
    suite = warm({"conftest.py": "", "test_a.py": "import slow\ndef test_a(): pass\n"}, collection_timeout_s=4.0)

    assert [rows(suite.run()) for _ in range(3)] == [{"collected": 1, "passed": 1}] * 3
    assert suite.started == (
        "cold: no process can hold the libraries, since it did not come to the end of its imports within 4 s"
    )
