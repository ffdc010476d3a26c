"""Runs one command so that nothing of it can be left behind: ``python guard.py MEMORY_BYTES COMMAND…`` (Linux only).

A process that a test daemonizes (two forks and a ``setsid``) leaves every process group and session, and belongs to
``init`` as soon as its parent is gone: nobody can tell any more where it came from. Therefore the guard declares itself
a *child subreaper*: whatever a descendant leaves behind becomes the guard's own child. When the command has ended, when
it outgrows its memory, or when kit itself is gone (even by ``kill -9``), the guard ends all of them, then itself, with
the status of the command. It stands outside the command's session, so that a command that signals its own process group
does not reach it.

It is a file that a bare interpreter runs (``-I -S``), takes about 20 ms, and therefore imports next to nothing.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36

#: how often memory and kit's being there are looked at, in seconds
TICK = 0.25

#: how long descendants are swept that cannot be killed (in an uninterruptible call of the kernel), in seconds
SWEEP_LIMIT = 5.0

CANNOT_START = 127
_PASSED_ON = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)


def main(memory_limit: int, command: list[str]) -> int:
    """Run ``command`` and return its wait status (as of ``waitpid``)."""
    kit = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    for number in _PASSED_ON:
        signal.signal(number, signal.SIG_IGN)  # it is kit that decides, by SIGKILL
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    try:
        child = os.posix_spawn(
            command[0],
            command,
            os.environ,
            setsid=True,
            setsigmask=(),
            setsigdef=(*_PASSED_ON, signal.SIGPIPE, signal.SIGXFSZ),
        )
    except OSError as error:
        _say(f"{command[0]} cannot be started: {error.strerror}")
        return CANNOT_START << 8
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # kit must notice when the command closes what it was passed
    try:
        status = _watch(child, kit, memory_limit)
    finally:
        ended = _sweep()
    return ended.get(child, signal.SIGKILL) if status is None else status


def _watch(child: int, kit: int, memory_limit: int) -> int | None:
    """Wait for the end of ``child`` and return its status, or ``None`` when it has to be ended."""
    while True:
        signal.sigtimedwait({signal.SIGCHLD}, TICK)
        for pid, status in _reap(os.WNOHANG):
            if pid == child:
                return status
        if os.getppid() != kit:
            return None
        if memory_limit and _resident() > memory_limit:
            _say(f"stopped: it used more than {memory_limit >> 20} MiB of memory")
            return None


def _reap(options: int) -> list[tuple[int, int]]:
    """Take the status of every child that has ended."""
    ended: list[tuple[int, int]] = []
    while True:
        try:
            pid, status = os.waitpid(-1, options)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        ended.append((pid, status))


def _sweep() -> dict[int, int]:
    """End all descendants. As each dies, its children become ours, so the loop ends when there is none."""
    ended: dict[int, int] = {}
    deadline = time.monotonic() + SWEEP_LIMIT
    while (left := descendants(os.getpid())) and time.monotonic() < deadline:
        for pid in left:
            _kill(pid)
        ended.update(_reap(os.WNOHANG))
        time.sleep(0.002)
    return ended


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        return  # gone meanwhile


def descendants(pid: int) -> list[int]:
    """All processes below ``pid``, parents first."""
    found, new = [], _children(pid)
    while new:
        found += new
        new = [child for parent in new for child in _children(parent)]
    return found


def _children(pid: int) -> list[int]:
    """The children of ``pid``: from each of its threads, since a child belongs to the thread that started it."""
    children: list[int] = []
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            children += map(int, (thread / "children").read_text().split())
    except OSError:
        return children  # gone meanwhile
    return children


def _resident() -> int:
    """Bytes of memory that the descendants hold for themselves, pages that forked processes share counted in each."""
    pages = 0
    for pid in descendants(os.getpid()):
        try:
            fields = Path(f"/proc/{pid}/statm").read_text().split()
        except OSError:
            continue
        pages += int(fields[1]) - int(fields[2])
    return pages * resource.getpagesize()


def _say(sentence: str) -> None:
    try:
        os.write(2, f"kit: {sentence}\n".encode())
    except OSError:
        return


def _end_as(status: int) -> None:
    """End this process in the way that ``status`` tells of."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    _end_as(main(int(sys.argv[1]), sys.argv[2:]))
