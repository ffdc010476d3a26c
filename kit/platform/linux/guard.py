"""Runs one command so that nothing of it can be left behind: ``python guard.py MEMORY_BYTES [PLAN…] COMMAND…`` (Linux
only). The plan is that of the sandbox (see :mod:`kit.target.sandbox`). ``python guard.py --try PLAN…`` prints which
protection works on this machine, and why the better ones do not.

A process that a test daemonizes (two forks and a ``setsid``) leaves its process group and session. When its parent
ends, ``init`` adopts it, and its origin is lost. Therefore the guard declares itself a *child subreaper*: it adopts
what its descendants leave behind. When the command ends, exceeds its memory limit, or kit itself is gone (even by
``kill -9``), the guard kills all of them and then ends with the status of the command. It is outside the command's
session, so a command that signals its own process group does not reach it.

It is a file that a bare interpreter runs (``-I -S``), takes about 20 ms, and therefore imports next to nothing.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time

if __name__ == "__main__":
    sys.path.insert(0, __file__.rpartition("/")[0] or ".")
    import covering  # type: ignore[import-not-found,unused-ignore]
    import syscalls  # type: ignore[import-not-found,unused-ignore]

    sys.path.pop(0)
else:
    from kit.platform.linux import covering, syscalls

#: how often memory and kit's being there are looked at, in seconds
TICK = 0.25

#: how long descendants are swept that cannot be killed (in an uninterruptible call of the kernel), in seconds
SWEEP_LIMIT = 5.0

_PASSED_ON = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)


def main(memory_limit: int, words: list[str]) -> int:
    """Run the command that ``words`` end with, and return its wait status (see ``waitpid``)."""
    kit = os.getppid()
    syscalls.become_subreaper()
    syscalls.signal_when_parent_dies(signal.SIGCONT)  # kit may be killed while it has stopped this process, to end it
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    for number in _PASSED_ON:
        signal.signal(number, signal.SIG_IGN)  # it is kit that decides, by SIGKILL
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    orders, command = covering.parsed(words)
    try:
        started = covering.start(orders, command)
    except OSError as error:
        _say(str(error.strerror))
        return int(covering.CANNOT_START << 8)
    started.close_all_else()  # kit must notice when the command closes what it was passed
    try:
        status = _watch(started.pid, kit, memory_limit)
    finally:
        ended = _sweep()
    own = ended.get(started.pid, int(signal.SIGKILL)) if status is None else status
    return int(started.status_of(own))


def try_out(words: list[str]) -> None:
    """Print the best protection that works, after a line for each better one that says why it does not."""
    syscalls.become_subreaper()
    orders, _ = covering.parsed(words)
    for rung in covering.RUNGS[covering.RUNGS.index(orders.rung) :]:
        orders.rung = rung
        try:
            started = covering.start(orders, [])
            os.waitpid(started.pid, 0)
        except OSError as error:
            os.write(1, f"{rung}: {error.strerror}\n".encode(errors="replace"))
        else:
            os.write(1, f"{rung}\n".encode())
            return


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
        for thread in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208  # see _read
            children += map(int, _read(f"/proc/{pid}/task/{thread}/children").split())
    except OSError:
        return children  # gone meanwhile
    return children


def _read(path: str) -> bytes:
    """The whole of a small file. Paths of :mod:`pathlib` would take a third of this interpreter's start."""
    descriptor, text = os.open(path, os.O_RDONLY), b""
    try:
        while more := os.read(descriptor, 1 << 16):
            text += more
    finally:
        os.close(descriptor)
    return text


def _resident() -> int:
    """Bytes of memory that the descendants hold for themselves, pages that forked processes share counted in each."""
    pages = 0
    for pid in descendants(os.getpid()):
        try:
            fields = _read(f"/proc/{pid}/statm").split()
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
    """End this process with the exit code or the signal of a wait status."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    if sys.argv[1] == "--try":
        try_out(sys.argv[2:])
    else:
        _end_as(main(int(sys.argv[1]), sys.argv[2:]))
