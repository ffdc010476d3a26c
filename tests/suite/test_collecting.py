"""What is said, and what is still run, when a suite cannot be collected as it is."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kit.facts.suite import SuiteFacts
from kit.facts.target import Interpreter
from kit.suite import RunOptions, run_suite
from tests.helpers import write_project
from tests.suite.conftest import Overdue, Run
from tests.suite.projects import outcomes, rows, target_of

pytestmark = pytest.mark.slow

FINE = "def test_fine(): pass\n"


def errors(facts: SuiteFacts) -> dict[str, str]:
    """The root of every collection error, by path."""
    return {error.path: error.failure.chain[-1].type for error in facts.collection_errors}


@pytest.mark.parametrize(
    ("conftest", "what"),
    [
        ("import missing_package\n", "ModuleNotFoundError: No module named 'missing_package' at conftest.py:1"),
        ("import sys\nsys.exit(3)\n", "SystemExit: 3 at conftest.py:2"),
        ("import pytest\npytest.exit('no database')\n", "Exit: no database at conftest.py:2"),
        ("import os\nos._exit(3)\n", "exited with 3"),
        ("import ctypes\nctypes.string_at(0)\n", "crashed: SIGSEGV"),
        ("def pytest_collection_modifyitems(): 1 / 0\n", "ZeroDivisionError: division by zero at conftest.py:1"),
    ],
    ids=["import error", "sys.exit", "pytest.exit", "os._exit", "segfault", "hook that raises"],
)
def test_a_conftest_that_ends_everything_is_named(run: Run, conftest: str, what: str) -> None:
    facts = run({"conftest.py": conftest, "test_a.py": FINE})

    assert facts.problem == (
        f"pytest could not collect the suite: {what}, while it loaded plugins and conftest files; "
        "fix that, or choose other tests with --tests."
    )
    assert facts.accounting.collected == 0


def test_a_conftest_that_prints_a_flood_disturbs_nothing(run: Run) -> None:
    flood = "import os\nfor _ in range(200):\n    print('x' * 50_000)\n    os.write(1, b'y' * 50_000)\n"

    assert rows(run({"conftest.py": flood, "test_a.py": FINE})) == {"collected": 1, "passed": 1}


def test_a_conftest_of_a_folder_costs_only_that_folder(run: Run) -> None:
    facts = run({"sub/conftest.py": "1 / 0\n", "sub/test_b.py": FINE, "test_a.py": FINE})

    assert outcomes(facts) == {"test_a.py::test_fine": "passed"}
    assert errors(facts) == {"sub/conftest.py": "ZeroDivisionError"}


def test_files_that_cannot_be_collected_cost_only_themselves(run: Run) -> None:
    facts = run(
        {
            "test_fine.py": FINE,
            "test_syntax.py": "def broken(:\n",
            "test_import.py": "from app import nothing\n",
            "test_raises.py": "raise RuntimeError('at import')\n",
            "app.py": "",
        }
    )

    assert outcomes(facts) == {"test_fine.py::test_fine": "passed"}
    assert errors(facts) == {
        "test_import.py": "ImportError",
        "test_raises.py": "RuntimeError",
        "test_syntax.py": "SyntaxError",
    }
    frames = {error.path: error.failure.chain[-1].frames for error in facts.collection_errors}
    assert [(frame.path, frame.line) for frame in frames["test_import.py"]] == [("test_import.py", 1)]
    assert (frames["test_syntax.py"][-1].path, frames["test_syntax.py"][-1].line) == ("test_syntax.py", 1)
    assert facts.problem is None


def test_files_that_end_the_interpreter_cost_only_themselves(run: Run) -> None:
    facts = run(
        {
            "test_fine.py": FINE,
            "test_os_exit.py": "import os\nos._exit(4)\n",
            "test_sys_exit.py": "import sys\nsys.exit(1)\n",
            "test_interrupt.py": "raise KeyboardInterrupt\n",
            "test_pytest_exit.py": "import pytest\npytest.exit('enough')\n",
            "test_segfault.py": "import ctypes\nctypes.string_at(0)\n",
        }
    )

    assert outcomes(facts) == {"test_fine.py::test_fine": "passed"}
    assert {error.path: error.failure.raised.message for error in facts.collection_errors} == {
        "test_os_exit.py": "exited with 4",
        "test_sys_exit.py": "1",
        "test_interrupt.py": "",
        "test_pytest_exit.py": "enough",
        "test_segfault.py": "crashed: SIGSEGV",
    }


def test_a_file_that_hangs_at_import_costs_only_itself(run: Run, tmp_path: Path, overdue: Overdue) -> None:
    marker = tmp_path / "marker"
    overdue(marker, "kit.suite.collect.collection")

    def on_event(event: Mapping[str, Any]) -> None:
        if event["kind"] == "collection_error":
            marker.unlink()  # the suite is collected again, without that file

    hangs = f"import time\nopen({str(marker)!r}, 'w').close(); time.sleep(60)\n"
    facts = run({"test_fine.py": FINE, "test_hangs.py": hangs}, collection_timeout_s=100.0, on_event=on_event)

    assert outcomes(facts) == {"test_fine.py::test_fine": "passed"}
    (error,) = facts.collection_errors
    assert (error.path, error.failure.raised.message) == ("test_hangs.py", "collection did not end within 100 s")
    assert error.failure.raised.frames[-1].path == "test_hangs.py"


def test_a_collection_that_finds_more_and_more_may_take_longer_than_one_that_hangs(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Later()
    monkeypatch.setattr("kit.suite.collect.collection.time", clock)
    files = {f"test_{number}.py": f"import time\ntime.sleep(0.4)\n{FINE}" for number in range(8)}
    facts = run(files, timeout_s=20.0, on_event=clock.see)

    assert clock.ahead > RunOptions(timeout_s=20.0).collection_limit_s
    assert facts.problem is None
    assert [result.outcome for result in facts.results] == ["passed"] * 8


class Later:
    """The module ``time``, as a process sees it for which 90 seconds go by whenever collection has found more."""

    def __init__(self) -> None:
        self.ahead, self._files = 0.0, 0

    def see(self, event: Mapping[str, Any]) -> None:
        if event["kind"] == "collecting" and event["files"] > self._files:
            self.ahead, self._files = self.ahead + 90.0, event["files"]

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead


def test_a_conftest_that_hangs_is_found_by_its_stack(run: Run, tmp_path: Path, overdue: Overdue) -> None:
    marker = tmp_path / "marker"
    overdue(marker, "kit.suite.collect.collection")
    hangs = f"import time\nopen({str(marker)!r}, 'w').close(); time.sleep(60)\n"
    facts = run({"conftest.py": hangs, "test_a.py": FINE}, collection_timeout_s=100.0)

    assert "collection did not end within 100 s (it hangs at conftest.py:2)" in str(facts.problem)


def test_a_suite_of_nothing_but_broken_files_says_so(run: Run) -> None:
    facts = run({"test_a.py": "import nothing_of_this_name\n"})

    assert facts.problem == "No test could be collected: 1 file failed, see the collection errors."
    assert errors(facts) == {"test_a.py": "ModuleNotFoundError"}


def test_no_tests_at_all_is_said(run: Run, tmp_path: Path) -> None:
    facts = run({"app.py": ""})

    assert facts.problem == (
        f"No test was collected in {tmp_path / 'project'}; name the folders of the tests with --tests."
    )


def test_node_ids_that_do_not_exist_are_said(run: Run) -> None:
    assert "(test_a.py::test_b)" in str(run({"test_a.py": FINE}, nodeids=["test_a.py::test_b"]).problem)
    assert "file or directory not found: test_z.py" in str(run({}, nodeids=["test_z.py::test_b"]).problem)


@pytest.mark.parametrize(
    "files",
    [
        {"sub/test_a.py": "raise ValueError('this\\nthat')\n"},
        {"sub/test_a.py": FINE, "sub/__init__.py": "raise ValueError('this\\nthat')\n"},
    ],
    ids=["its own file", "its package"],
)
def test_the_import_that_failed_is_to_blame_and_not_the_node_id(run: Run, files: dict[str, str]) -> None:
    facts = run(files, nodeids=["sub/test_a.py::test_fine"])

    (error,) = facts.collection_errors
    assert facts.problem == (
        f"None of the given tests was collected: {error.path} could not be imported (ValueError: this)."
    )


@pytest.mark.parametrize(
    ("addopts", "said"),
    [
        (("-p", "no_such_plugin"), 'pytest refused to start: Error importing plugin "no_such_plugin"'),
        (("--import-mode=sideways",), "pytest refused to start: argument --import-mode: invalid choice: 'sideways'"),
        (("no_such_folder",), "pytest refused to start: file or directory not found: no_such_folder"),
    ],
)
def test_why_pytest_refuses_to_start_is_said(run: Run, addopts: tuple[str, ...], said: str) -> None:
    assert str(run({"test_a.py": FINE}, addopts=addopts).problem).startswith(said)


def test_an_interpreter_without_pytest_is_said(tmp_path: Path) -> None:
    root = write_project(tmp_path / "project", {"pytest.ini": "[pytest]\n", "test_a.py": FINE})
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -S -E "$@"\n')
    python.chmod(0o755)
    facts = run_suite(target_of(root, python=str(python)), events=tmp_path / "events.jsonl")

    assert facts.problem == (
        "pytest cannot be imported by the target's interpreter (ModuleNotFoundError: No module named 'pytest'): "
        "install it there, or name another interpreter with --python."
    )


def test_an_interpreter_that_is_not_there_is_said(tmp_path: Path) -> None:
    root = write_project(tmp_path / "project", {"pytest.ini": "[pytest]\n", "test_a.py": FINE})
    missing = target_of(root, python="/no/such/python")

    assert "/no/such/python" in str(run_suite(missing, events=tmp_path / "events.jsonl").problem)
    nobody = replace(missing, interpreter=None)
    assert "no usable Python interpreter" in str(run_suite(nobody, events=tmp_path / "events.jsonl").problem)


def test_something_that_is_no_python_is_said(tmp_path: Path) -> None:
    root = write_project(tmp_path / "project", {"pytest.ini": "[pytest]\n", "test_a.py": FINE})
    target = replace(target_of(root), interpreter=Interpreter("/bin/false", "3.11"))

    assert "exited with 1" in str(run_suite(target, events=tmp_path / "events.jsonl").problem)


def test_a_configuration_in_a_folder_below_holds_when_tests_are_chosen(tmp_path: Path) -> None:
    """Node ids are relative to pytest's rootdir, which need not be where the target begins."""
    root = write_project(
        tmp_path / "project",
        {
            "backend/pytest.ini": "[pytest]\naddopts = -k 'not two'\n",
            "backend/test_a.py": FINE + "def test_two(): pass\n",
        },
    )
    target = target_of(root, ("-k", "not two"))
    config = replace(target.config, path="backend/pytest.ini", rootdir="backend")
    target = replace(target, config=config, test_paths=("backend",))
    facts = run_suite(target, events=tmp_path / "events.jsonl", nodeids=["test_a.py"])

    assert [(test.nodeid, test.path) for test in facts.tests] == [("test_a.py::test_fine", "backend/test_a.py")]
    assert facts.rootdir == "backend"
