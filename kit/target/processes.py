"""Ending the target's processes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import psutil

from kit.platform.abilities import IS_LINUX
from kit.platform.linux import GUARD
from kit.platform.process_facts import group_members

#: how long after SIGKILL the processes may take to end, in seconds; longer only when the kernel holds them
KILL_WAIT = 5.0


def descendants(pid: int) -> list[int]:
    """The ids of all processes below ``pid``, parents first. One that daemonized is below its guard."""
    if IS_LINUX:
        from kit.platform.linux import guard  # it cannot be imported elsewhere

        return guard.descendants(pid)
    try:
        return [process.pid for process in psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def kill_tree(pid: int, *, grace_s: float = 0.0) -> None:
    """End the process ``pid`` and all its descendants, its process group and its session, and wait until they are gone.

    With ``grace_s`` they get SIGTERM first and that many seconds. All are stopped before the first is killed, so that
    none can fork meanwhile. A descendant that has left the tree entirely (a daemon whose parents are gone) is found
    only when it was started through :func:`guarded`. The caller's own child is left to be waited for; call this before
    its status was taken, since a free pid may be given to a stranger.
    """
    if pid <= 1:
        raise ValueError(f"{pid} is not the id of a process that kit may end")
    if grace_s > 0:
        asked = _tree(pid)
        _tell_all(asked, psutil.Process.terminate)
        _wait_until_gone(asked, grace_s)
    stopped: set[psutil.Process] = set()
    while new := _tree(pid) - stopped:
        _tell_all(new, psutil.Process.suspend)
        stopped |= new
    guards = set(filter(_is_guard_at_work, stopped))
    _tell_all(stopped - guards, psutil.Process.kill)
    _tell_all(guards, psutil.Process.resume)  # else the dead stay as zombies in a container
    _wait_until_gone(stopped, KILL_WAIT)
    _tell_all(guards, psutil.Process.kill)


def _tree(pid: int) -> set[psutil.Process]:
    """The living processes of the tree of ``pid``, except this one."""
    found: set[psutil.Process] = set()
    try:
        root = psutil.Process(pid)
        found |= {root, *root.children(recursive=True)}
    except psutil.NoSuchProcess:
        pass  # its group or session may still have members
    for member in group_members(pid, psutil.pids()):
        try:
            found.add(psutil.Process(member))
        except psutil.NoSuchProcess:
            continue
    return {process for process in found if process.pid != os.getpid() and _is_alive(process)}


def _is_alive(process: psutil.Process) -> bool:
    """Whether it can still do something; the caller's own dead child stays a zombie until it is waited for."""
    try:
        return process.is_running() and process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    except psutil.NoSuchProcess:
        return False


def _is_guard_at_work(process: psutil.Process) -> bool:
    """Whether it has something to guard. One that was stopped before it began would only begin when it goes on."""
    try:
        return str(GUARD) in process.cmdline()[:5] and bool(process.children())
    except psutil.Error:
        return False


def _tell_all(processes: set[psutil.Process], what: Callable[[psutil.Process], None]) -> None:
    for process in processes:
        try:
            what(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue


def _wait_until_gone(processes: set[psutil.Process], seconds: float) -> None:
    # not psutil.wait_procs: it would take the status of a child that a Popen of the caller waits for
    deadline = time.monotonic() + seconds
    while any(map(_is_alive, processes)) and time.monotonic() < deadline:
        time.sleep(0.005)
