"""What runs in a copy of the collected suite, what must not, and what the target sees of us."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.suite.conftest import Run
from tests.suite.projects import by_name, rows

pytestmark = pytest.mark.slow

THREAD = "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True, name='pump').start()\n"
SOCKET = "import socket\nkept = socket.socket()\n"
LOOP = "import asyncio\nloop = asyncio.new_event_loop()\n"
DATABASE = "import sqlite3\nkept = sqlite3.connect('app.db')\nkept.execute('create table t (a)')\nkept.commit()\n"
LOG = "import logging\nlogging.getLogger('app').addHandler(logging.FileHandler('app.log'))\n"
READ = "kept = open(__file__)\n"


@pytest.mark.parametrize(
    ("conftest", "why"),
    [
        (THREAD, "a thread is alive after collection (pump)"),
        (SOCKET, "a socket is open after collection"),
        (LOOP, ""),
        (DATABASE, "a file is open for writing after collection (app.db)"),
    ],
    ids=["thread", "socket", "event loop", "database"],
)
def test_what_must_not_be_shared_is_not_forked(run: Run, conftest: str, why: str) -> None:
    facts = run({"conftest.py": conftest, "test_a.py": "def test_a(): pass\ndef test_b(): pass\n"}, workers=1)

    assert rows(facts) == {"collected": 2, "passed": 2}
    assert str(facts.isolation).startswith(f"process: each worker collects the suite for itself, since {why}")


@pytest.mark.parametrize("conftest", [LOG, READ], ids=["log file", "file that is read"])
def test_what_can_be_shared_is_forked(run: Run, conftest: str) -> None:
    facts = run({"conftest.py": conftest, "test_a.py": "def test_a(): pass\n"}, workers=1)

    assert rows(facts) == {"collected": 1, "passed": 1}
    assert str(facts.isolation).startswith("fork: ")


def test_who_asks_for_a_fork_gets_one_and_is_warned(run: Run) -> None:
    facts = run({"conftest.py": THREAD, "test_a.py": "def test_a(): pass\n"}, isolation="fork")

    assert facts.isolation == (
        "fork: each worker is a copy of the process that collected the suite, as requested, "
        "although a thread is alive after collection (pump)"
    )


@pytest.mark.parametrize(("isolation", "processes"), [("file", 2), ("test", 3)])
def test_what_must_not_be_shared_gets_fresh_processes_for_each_file_or_test_too(
    run: Run, tmp_path: Path, isolation: str, processes: int
) -> None:
    # in a sandbox each process may be number 2 of a space of its own
    space = 'os.stat("/proc/self/ns/pid").st_ino' if sys.platform == "linux" else "0"
    who = f"f'{{{space}}}:{{os.getpid()}} {{{space}}}:{{os.getppid()}}\\n'"
    note = f"def test_NAME(): open({str(tmp_path / 'pids')!r}, 'a').write({who})\n"
    files = {
        "conftest.py": THREAD,
        "test_a.py": "import os\n" + note.replace("NAME", "one") + note.replace("NAME", "two"),
        "test_b.py": "import os\n" + note.replace("NAME", "three"),
    }
    facts = run(files, isolation=isolation)

    assert rows(facts) == {"collected": 3, "passed": 3}
    assert facts.isolation == (
        f"{isolation}: a new process that collects the suite for itself runs each {isolation}, "
        "since a thread is alive after collection (pump)"
    )
    pids = [line.split() for line in (tmp_path / "pids").read_text().splitlines()]
    assert len({pid for pid, _ in pids}) == processes
    assert not {pid for pid, _ in pids} & {parent for _, parent in pids}, "none is a fork of another"


#: threads of the C library's, which Python knows nothing of
NATIVE = """
    import ctypes, time
    libc = ctypes.CDLL(None)
    thread = ctypes.c_ulong()
    pause = ctypes.cast(libc.pause, ctypes.c_void_p)
    assert libc.pthread_create(ctypes.byref(thread), None, pause, None) == 0
    libc.pthread_setname_np(thread, {name!r})
"""


def test_threads_of_native_libraries_are_told_of(run: Run) -> None:
    facts = run({"conftest.py": NATIVE.format(name=b"blas"), "test_a.py": "def test_a(): pass\n"}, workers=1)

    assert facts.isolation == (
        "fork: each worker is a copy of the process that collected the suite; it has 1 thread of native libraries "
        "(blas), which its copies do without"
    )


def test_a_pool_that_is_known_to_hang_in_a_copy_is_not_forked(run: Run) -> None:
    facts = run({"conftest.py": NATIVE.format(name=b"polars-0"), "test_a.py": "def test_a(): pass\n"}, workers=1)

    assert facts.isolation == (
        "process: each worker collects the suite for itself, since a pool of native threads that hangs in a copy is "
        "alive after collection (polars-0)"
    )


#: what pytest-rerunfailures does as soon as xdist is installed, whether it is used or not
SERVER = """
    import socket, threading

    class Server:
        def __init__(self):
            self.sock = socket.create_server(("127.0.0.1", 0))
            threading.Thread(target=self.answer, daemon=True).start()

        def answer(self):
            self.sock.accept()

    class Hooks:
        def pytest_configure_node(self, node):
            node.workerinput["port"] = 1

    def pytest_addoption(parser):
        parser.addoption("--max-suite-reruns", type=int, default=None, dest="max_suite_reruns")

    def pytest_addhooks(pluginmanager):
        class Xdist:
            def pytest_configure_node(self, node): "as xdist has it"

        pluginmanager.add_hookspecs(Xdist)

    def pytest_configure(config):
        config.server = Server()
        config.pluginmanager.register(Hooks())
"""


@pytest.mark.parametrize(
    ("name", "options", "isolation"),
    [
        ("pytest_rerunfailures", "", "fork: each worker is a copy of the process that collected the suite"),
        (
            "pytest_rerunfailures",
            "--max-suite-reruns=3",
            "process: each worker collects the suite for itself, since each is prepared before it begins (pytest_confi",
        ),
        ("another_server", "", "process: each worker collects the suite for itself, since a thread is alive after"),
    ],
)
def test_a_plugin_that_waits_for_workers_of_xdist_does_not_keep_a_suite_from_being_forked(
    run: Run, name: str, options: str, isolation: str
) -> None:
    files = {
        f"{name}.py": SERVER,
        "pytest.ini": "[pytest]\npythonpath = .\n",
        "test_a.py": "def test_a(): pass\n",
    }
    facts = run(files, ("-p", name, *options.split()), workers=2)

    assert rows(facts) == {"collected": 1, "passed": 1}
    assert str(facts.isolation).startswith(isolation)


#: what plugins do that give workers of xdist what they have found out themselves
REPEATING = """
    class Xdist:
        def pytest_configure_node(self, node): "as xdist has it"

    class Hooks:
        def pytest_configure_node(self, node): node.workerinput["seed"] = 1

    def pytest_addhooks(pluginmanager): pluginmanager.add_hookspecs(Xdist)

    def pytest_configure(config): config.pluginmanager.register(Hooks())
"""


@pytest.mark.parametrize(
    ("name", "isolation"),
    [("pytest_randomly", "fork:"), ("pytest_mypy", "fork:"), ("something_else", "process:")],
)
def test_a_plugin_that_tells_workers_what_copies_know_does_not_keep_a_suite_from_being_forked(
    run: Run, name: str, isolation: str
) -> None:
    files = {f"{name}.py": REPEATING, "pytest.ini": "[pytest]\npythonpath = .\n", "test_a.py": "def test_a(): pass\n"}
    facts = run(files, ("-p", name), workers=2)

    assert rows(facts) == {"collected": 1, "passed": 1}
    assert str(facts.isolation).startswith(isolation)


RAW = "import _thread, time\n_thread.start_new_thread(time.sleep, (60,))\ntime.sleep(0.05)\n"


def test_a_thread_that_no_object_stands_for_is_not_forked_either(run: Run) -> None:
    facts = run({"conftest.py": RAW, "test_a.py": "def test_a(): pass\n"}, workers=1)

    assert "since a thread is alive after collection (without a name)" in str(facts.isolation)


def test_the_target_sees_what_it_would_see_under_plain_pytest(run: Run) -> None:
    facts = run(
        {
            "test_a.py": """
                import gc, multiprocessing, os, sys
                import helper_beside_the_tests

                class Thing: pass
                THING = Thing()

                def test_import_path(): assert sys.path.count(os.getcwd()) >= 1 and sys.path[0] == os.getcwd()
                def test_no_module_of_the_runner():
                    assert not [name for name in sys.modules if name.startswith(("suite_", "kit"))]
                def test_main(): assert sys.modules["__main__"].__spec__.name == "pytest.__main__"
                def test_arguments(): assert len(sys.argv) == 1 and sys.argv[0].endswith("__main__.py")
                def test_objects():
                    assert any(type(one) is Thing for one in gc.get_objects())
                    assert any(one is globals() for one in gc.get_referrers(THING))
                def test_spawn():
                    context = multiprocessing.get_context("spawn")
                    with context.Pool(1) as pool: assert pool.map(abs, [-1]) == [1]
            """,
            "helper_beside_the_tests.py": "",
        },
    )

    assert {name: result.reason or result.outcome for name, result in by_name(facts).items()} == dict.fromkeys(
        by_name(facts), "passed"
    )


def test_tests_of_a_process_that_collects_in_another_order_are_the_same_tests(run: Run) -> None:
    """A set of strings has another order in every process."""
    facts = run(
        {
            "test_a.py": """
                import pytest

                @pytest.mark.parametrize("name", {f"name{n}" for n in range(40)})
                def test_name(name, request): assert request.node.name == f"test_name[{name}]"
            """
        },
        isolation="process",
    )

    assert rows(facts) == {"collected": 40, "passed": 40}


def test_warnings_that_the_target_turns_into_errors_are_only_its_own(run: Run) -> None:
    facts = run(
        {
            "test_a.py": """
                import gc
                def test_a(): gc.collect()
                def test_b(): open(__file__)
                def test_c(): gc.collect()
            """
        },
        addopts=("-W", "error"),
    )

    assert {name: result.outcome for name, result in by_name(facts).items()} == {
        "test_a": "passed",
        "test_b": "failed",
        "test_c": "passed",
    }


def test_a_target_that_forks_each_test_gets_a_process_for_each(run: Run) -> None:
    files = {
        "state.py": "N = []\n",
        "test_a.py": "import state\ndef test_changes(): state.N.append(1)\ndef test_reads(): assert state.N == []\n",
        "test_b.py": "import state\ndef test_reads(): assert state.N == []\ndef test_fails(): assert state.N\n",
    }

    facts = run(files, ("--forked",), workers=1)

    assert (facts.accounting.passed, facts.accounting.failed) == (3, 1)
    assert by_name(facts)["test_fails"].alone == "fails"
