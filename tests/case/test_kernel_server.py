"""Kernels are forks of one process: each is as its own, and none outlives kit."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import psutil
import pytest

from kit.case.kernel_server import kernels_ahead, ordinary_arguments, running_server
from kit.platform.temporary_folders import sweep_stale
from tests.case.test_kernels import notebook

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="elsewhere kernels are not forked"),
]

#: long enough for any machine
_PATIENCE_S = 120.0

#: a cell that writes what it sees of its process into the file of the parameter `case`
_SEEN = """
import json, os, sys
imported = {
    "pandas", "kit.suite.engine", "kit.causes.detectors.failure_group", "kit.inventory.findings.comma",
    "kit.causes.upgrades.libraries.sqlalchemy",
}
seen = {
    "pid": os.getpid(), "parent": os.getppid(), "session": os.getsid(0), "argv": sys.argv[0],
    "ahead": imported <= sys.modules.keys(), "mine": os.environ["MINE"], "marked": hasattr(sys, "marked"),
    "stdin": sys.__stdin__.read(), "name": __name__,
}
sys.marked = True
open(case, "w").write(json.dumps(seen)).real
"""

#: what a program does that runs notebooks: the pytest process may have threads, so it cannot be that program
_PROGRAM = """
import json, os, signal, sys
from pathlib import Path
from kit.case import kernels
from kit.case.kernel_server import running_server

source, folder = map(Path, sys.argv[1:])
with kernels.imported_kernels():
    server = running_server().pid
    if "kill" in os.environ:
        os.kill(server, signal.SIGKILL)
    problems = []
    for number in range(2):
        os.environ["MINE"] = str(number)
        output = folder / f"out{number}.ipynb"
        problems.append(kernels.run_notebook(source, output, {"case": str(folder / f"seen{number}")}))
    print(json.dumps({"server": server, "problems": problems}))
"""


def run(folder: Path, *cells: str, environment: Mapping[str, str] = {}) -> dict[str, object]:
    source = notebook(folder / "in.ipynb", "case = ''", *cells)
    program = subprocess.run(
        [sys.executable, "-c", _PROGRAM, source, folder],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE_S,
    )
    assert program.returncode == 0, program.stderr
    said: dict[str, object] = json.loads(program.stdout)
    return said


def seen(folder: Path, number: int) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / f"seen{number}").read_text())
    return found


def test_each_notebook_has_a_kernel_of_its_own_with_the_imports_there(tmp_path: Path) -> None:
    said = run(tmp_path, _SEEN)

    assert said["problems"] == [None, None]
    first, second = seen(tmp_path, 0), seen(tmp_path, 1)
    assert first["pid"] != second["pid"]
    for number, one in enumerate((first, second)):
        assert one["parent"] == said["server"]
        assert one["session"] == one["pid"]
        assert one["ahead"] is True
        assert one["mine"] == str(number)
        assert one["marked"] is False
        assert one["stdin"] == ""
        assert one["name"] == "__main__"
        assert not psutil.pid_exists(int(str(one["pid"])))
    assert not psutil.pid_exists(int(str(said["server"])))


def test_the_notebook_is_written_with_all_outputs(tmp_path: Path) -> None:
    run(tmp_path, "print('said')", "1 / 0")

    written = json.loads((tmp_path / "out0.ipynb").read_text())
    outputs = [cell["outputs"] for cell in written["cells"] if cell["cell_type"] == "code"]
    assert "said" in json.dumps(outputs)
    assert "ZeroDivisionError" in json.dumps(outputs)


def test_a_kernel_that_dies_is_named(tmp_path: Path) -> None:
    said = run(tmp_path, "import os; os._exit(3)")

    assert said["problems"] == ["the notebook's kernel died"] * 2


def test_without_the_server_kernels_start_as_jupyter_starts_them(tmp_path: Path) -> None:
    said = run(tmp_path, _SEEN, environment={"kill": "yes"})

    assert said["problems"] == [None, None]
    assert seen(tmp_path, 0)["ahead"] is False


def test_no_kernel_outlives_a_kit_that_was_killed_and_its_files_only_until_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    begun = tmp_path / "seen0"
    source = notebook(tmp_path / "in.ipynb", "case = ''", _SEEN, "import time; time.sleep(1000)")
    with subprocess.Popen([sys.executable, "-c", _PROGRAM, source, tmp_path], stdout=subprocess.DEVNULL) as program:
        wait_until(lambda: begun.exists() and begun.read_text().endswith("}"))
        children = psutil.Process(program.pid).children(recursive=True)
        program.send_signal(signal.SIGKILL)

    assert {one.pid for one in children} >= {seen(tmp_path, 0)["pid"], seen(tmp_path, 0)["parent"]}
    wait_until(lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in children))
    for left in temporary.iterdir():
        os.utime(left, (0, 0))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    sweep_stale()
    assert list(temporary.iterdir()) == []


def test_a_process_with_threads_is_not_forked() -> None:
    is_over = threading.Event()
    thread = threading.Thread(target=is_over.wait)
    thread.start()
    try:
        with kernels_ahead(os.environ):
            assert running_server() is None
    finally:
        is_over.set()
        thread.join()


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("python -m ipykernel_launcher -f connection.json", ["-f", "connection.json"]),
        ("python -Xfrozen_modules=off -m ipykernel_launcher -f connection.json", ["-f", "connection.json"]),
        ("python -O -m ipykernel_launcher -f connection.json", None),
        ("R --slave -e IRkernel::main()", None),
    ],
)
def test_only_the_ordinary_kernel_is_forked(command: str, expected: list[str] | None) -> None:
    assert ordinary_arguments(command.split()) == expected


def wait_until(is_so) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
