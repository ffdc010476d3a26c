"""The process that others are forked from: nobody waits for one that is gone, or for one that nobody used."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked so")

#: longer than any machine takes, and shorter than what is never waited for
_PATIENCE_S, _FOREVER_S = 60.0, 100_000

#: a process of its own: this one may have threads
_PROGRAM = """
import os, signal, sys, time
import psutil
from kit.platform.fork_server import fork_server

def sleep(seconds):
    time.sleep(seconds)
    return 0
"""


def run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM + program], capture_output=True, text=True, check=False, timeout=_PATIENCE_S
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_process_whose_server_was_killed_counts_as_ended_at_once() -> None:
    program = f"""
server = fork_server(lambda: None, sleep)
process = server.start(seconds={_FOREVER_S})
os.kill(server.pid, signal.SIGKILL)
print(process.poll())
os.kill(process.pid, signal.SIGKILL)
server.close()
"""
    assert run(program) == "-9"


def test_a_server_that_nobody_used_is_not_waited_for() -> None:
    program = f"""
server = fork_server(lambda: time.sleep({_FOREVER_S}), sleep)
server.close()
print(os.path.exists(f"/proc/{{server.pid}}"))
"""
    assert run(program) == "False"


def test_closing_ends_the_processes_that_are_left() -> None:
    program = f"""
server = fork_server(lambda: None, sleep)
process = server.start(seconds={_FOREVER_S})
while os.getsid(process.pid) != process.pid:
    time.sleep(0.01)
left = psutil.Process(process.pid)
server.close()
while left.is_running() and left.status() != psutil.STATUS_ZOMBIE:
    time.sleep(0.01)
"""
    run(program)


@pytest.mark.parametrize("stream", ["stdin", "stdout", "stderr"])
def test_a_process_without_a_standard_stream_is_not_forked(stream: str) -> None:
    run(f"""
sys.{stream} = None
sys.exit(0 if fork_server(lambda: None, sleep) is None else 1)
""")
