"""Runs one command so that it ends with kit: ``python guard.py KIT_PID MEMORY_BYTES COMMAND…``.

This is for systems without the means of :mod:`kit.platform.linux.guard`. Twice a second it lists what the command has
started: the processes below this one and, where there are sessions, those of this session, whose parents
may be gone. It ends all of them when the command has ended, when they hold more memory than they may, and when kit's
process is gone. On Windows they are also in a job, which ends with this process, however that ends. Elsewhere a process
that leaves both the tree and the session between two looks is not found.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psutil

# kit is not on the path of an isolated interpreter if it is not installed
sys.path.append(str(Path(__file__).parents[2]))

from kit.platform.jobs import end_with_this_process
from kit.platform.process_facts import group_members

#: how often it looks, in seconds
TICK = 0.5


def main(kit: int, memory_limit: int, command: list[str]) -> int:
    """Run the command; its status as ``subprocess`` gives it."""
    parent = psutil.Process(kit)
    end_with_this_process()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, close_fds=os.name == "nt")
    started: set[psutil.Process] = set()
    try:
        while True:
            with suppress(subprocess.TimeoutExpired):
                return process.wait(TICK)
            started |= own_processes()
            if not parent.is_running():
                end(started)
            elif memory_limit and sum(map(resident, started)) > memory_limit:
                sys.stderr.write(f"kit: stopped: it used more than {memory_limit >> 20} MiB of memory\n")
                end(started)
    finally:
        end(started | own_processes())


def own_processes() -> set[psutil.Process]:
    """What the command has started, as far as it can be found now."""
    found = set(psutil.Process().children(recursive=True))
    for pid in group_members(os.getpid(), psutil.pids()):  # none unless this process leads a session
        with suppress(psutil.NoSuchProcess):
            found.add(psutil.Process(pid))
    return found - {psutil.Process()}


def end(processes: Iterable[psutil.Process]) -> None:
    """End those that still run. All are stopped first, so that none can start others meanwhile."""
    running = [process for process in processes if process.is_running()]
    for what in (psutil.Process.suspend, psutil.Process.kill):
        for process in running:
            with suppress(psutil.Error):
                what(process)


def resident(process: psutil.Process) -> int:
    """How many bytes of memory a process holds."""
    with suppress(psutil.Error):
        return int(process.memory_info().rss)
    return 0


def end_as(status: int) -> None:
    """End this process with the exit code or the signal of the command."""
    if status < 0:
        with suppress(OSError):  # of SIGKILL, which nobody catches
            signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    os._exit(status - (1 << 32) if status >= 1 << 31 else status)  # Windows has codes of 32 bits without a sign


if __name__ == "__main__":
    end_as(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
