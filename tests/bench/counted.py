"""Runs a command and tells what it and all that came of it took: ``python -I -S counted.py REPORT COMMAND…``.

Into the file REPORT goes a line of JSON: ``wall_s`` until the command's end, ``cpu_s`` (user and system time) of all
its descendants, ``status`` as of ``waitpid``. This process is a child subreaper, so a daemon is counted too; what
outlives the command is ended. Only the time of a process whose parent ignores SIGCHLD is lost.
"""

import ctypes
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36


def main(report: str, command: list[str]) -> None:
    """Run ``command``, wait for everything it leaves behind, and write the report."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    began = time.monotonic()
    child = os.posix_spawn(command[0], command, os.environ)
    status, ended = 0, began
    while True:
        try:
            pid, status_of = os.waitpid(-1, 0)
        except ChildProcessError:
            break
        if pid == child:
            status, ended = status_of, time.monotonic()
        if ended > began:
            _end_the_rest()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures = {"wall_s": ended - began, "cpu_s": used.ru_utime + used.ru_stime, "status": status}
    Path(report).write_text(json.dumps(figures))


def _end_the_rest() -> None:
    for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
        os.kill(int(pid), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
