"""The guard for systems without Linux's means: it ends as its command does, and takes along what that has started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from kit.target.guarding import PORTABLE_GUARD

pytestmark = pytest.mark.slow

SLEEP = "import time; time.sleep(600)"

#: starts a process that outlives it, writes its id down, and lets the guard see it
LEAVES_ONE = f"""
import os, subprocess, sys, time
left = subprocess.Popen([sys.executable, "-c", {SLEEP!r}])
print(left.pid, flush=True)
while not os.path.exists(sys.argv[1]):
    time.sleep(0.02)
"""


def guarded(*command: str, kit: int | None = None, memory: int = 0) -> list[str]:
    return [sys.executable, "-I", str(PORTABLE_GUARD), str(kit or os.getpid()), str(memory), *command]


def gone(pid: int, timeout_s: float = 60) -> bool:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("code", [0, 3, 255])
def test_it_ends_with_the_exit_code_of_the_command(code: int) -> None:
    assert subprocess.run(guarded(sys.executable, "-c", f"raise SystemExit({code})"), check=False).returncode == code


def test_it_ends_with_the_signal_of_the_command() -> None:
    program = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"

    assert subprocess.run(guarded(sys.executable, "-c", program), check=False).returncode == -signal.SIGKILL


def wait_for_a_look(guard: int) -> None:
    """Until the guard has looked at all processes at least once: it reads several files about each."""
    before = psutil.Process(guard).io_counters().read_count
    deadline = time.monotonic() + 60
    while psutil.Process(guard).io_counters().read_count < before + 3 * len(psutil.pids()):
        assert time.monotonic() < deadline, "the guard did not look"
        time.sleep(0.02)


def test_what_the_command_has_left_running_is_ended(tmp_path: Path) -> None:
    may_end = tmp_path / "may-end"
    guard = subprocess.Popen(guarded(sys.executable, "-c", LEAVES_ONE, str(may_end)), stdout=subprocess.PIPE)
    assert guard.stdout is not None
    left = int(guard.stdout.readline())
    wait_for_a_look(guard.pid)

    may_end.touch()

    assert guard.wait(60) == 0
    assert gone(left)
    guard.stdout.close()


def test_all_ends_when_kit_is_gone(tmp_path: Path) -> None:
    kit = subprocess.Popen([sys.executable, "-c", SLEEP])
    guard = subprocess.Popen(
        guarded(sys.executable, "-c", LEAVES_ONE, str(tmp_path / "never"), kit=kit.pid), stdout=subprocess.PIPE
    )
    assert guard.stdout is not None
    left = int(guard.stdout.readline())

    kit.kill()
    kit.wait()

    assert guard.wait(60) == -signal.SIGKILL
    assert gone(left)
    guard.stdout.close()


def test_a_command_that_takes_too_much_memory_is_ended_with_a_sentence() -> None:
    program = "x = bytearray(80 << 20)\nfor i in range(0, len(x), 4096): x[i] = 1\nimport time; time.sleep(600)"

    done = subprocess.run(
        guarded(sys.executable, "-c", program, memory=64 << 20), stderr=subprocess.PIPE, check=False, timeout=120
    )

    assert done.returncode == -signal.SIGKILL
    assert done.stderr == b"kit: stopped: it used more than 64 MiB of memory\n"


@pytest.mark.skipif(os.name == "nt", reason="there are no sessions; a job holds such processes there")
def test_a_process_whose_parent_was_gone_before_any_look_is_ended_too() -> None:
    middle = f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {SLEEP!r}]).pid, flush=True)"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {middle!r}])"

    done = subprocess.Popen(guarded(sys.executable, "-c", program), stdout=subprocess.PIPE, start_new_session=True)

    assert done.stdout is not None
    left = int(done.stdout.readline())
    assert done.wait(60) == 0
    assert gone(left)
    done.stdout.close()
