"""What Windows lacks is gone, or refused, in every Python that takes part: for kit, an app's tests, and packages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.platform.like_windows import environment

GONE = ("os.fork", "os.killpg", "os.setsid", "select.epoll", "signal.SIGALRM", "socket.send_fds")
REFUSED = (
    "import posix; posix.fork()",
    "import socket; socket.socket(socket.AF_UNIX)",
    "import subprocess; subprocess.Popen(['true'], preexec_fn=print)",
    "import subprocess; subprocess.Popen(['true'], pass_fds=(0,))",
    "import pty",
    "import fcntl",
)
#: a module of kit that reads what it is given, as kit's own modules do
READER = "from kit.platform.process_facts import _file_of, image_of; "


def run(program: str, said: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program]
    return subprocess.run(
        command, input=said, env=environment(), capture_output=True, text=True, check=False, timeout=60
    )


def test_what_windows_lacks_is_gone_for_every_module() -> None:
    modules = sorted({name.partition(".")[0] for name in GONE})
    asked = ", ".join("hasattr({}, {!r})".format(*name.split(".")) for name in GONE)

    said = run(f"import {', '.join(modules)}; print({asked})")

    assert set(said.stdout.split()) == {"False"}, said.stderr


def test_what_cannot_be_removed_is_refused() -> None:
    program = """
import sys
from pathlib import Path
for statement in sys.stdin.read().splitlines():
    try:
        exec(statement, {"__file__": "/app/test_a.py"})
    except (ImportError, OSError, ValueError):
        continue
    print(statement)
"""
    assert run(program, "\n".join(REFUSED)).stdout == ""


@pytest.mark.slow
def test_kits_own_modules_read_nothing_of_proc_and_packages_do() -> None:
    own = run(READER + "import os; print(image_of(os.getpid()), _file_of(os.getpid(), 'status'))")
    packages = run("import psutil; print(psutil.Process().ppid() > 0)")

    assert own.stdout == "b'' None\n", own.stderr
    assert packages.stdout == "True\n", packages.stderr


@pytest.mark.slow
def test_what_a_program_needs_on_windows_too_works() -> None:
    program = "import asyncio, subprocess, sys, psutil; asyncio.run(asyncio.sleep(0)); "
    program += "print(subprocess.run([sys.executable, '-c', 'print(1)'], capture_output=True, text=True).stdout)"

    assert run(program).stdout.strip() == "1"


def test_kit_removes_and_replaces_no_file_that_it_has_open(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    program = f"""
import os
from kit.platform import files
exec(compile('''
def replace(one, other):
    with open(other):
        os.replace(one, other)
''', files.__file__, "exec"), vars(files))
open({str(tmp_path / "b")!r}, "w").close()
files.replace({str(tmp_path / "a")!r}, {str(tmp_path / "b")!r})
"""
    assert "WinError 32" in run(program).stderr
