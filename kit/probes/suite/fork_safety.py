"""Whether children may be forked from a process that has collected a suite."""

from __future__ import annotations

import os
import stat
import sys

from .threads import answering_xdist, why_unsafe

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Set, Tuple


try:
    import fcntl
except ImportError:  # Windows, which has no fork either
    fcntl = None  # type: ignore[assignment]


def unsafe_to_fork(ours: Set[Tuple[int, int]]) -> str:
    """Why children must not be forked, ``""`` when they may. ``ours`` are kit's own files, as (device, inode).

    Two children cannot share a connection or an event loop, and what is written through one open file by two ends up
    anywhere; of threads ``threads.py`` tells.
    """
    if fcntl is None or sys.platform == "darwin":
        return "this system has no safe fork"
    why = why_unsafe()
    if why:
        return why
    idle = set().union(*answering_xdist().values())
    for descriptor in range(3, 1024):
        if descriptor in idle:
            continue
        try:
            status = os.fstat(descriptor)
        except OSError:
            continue
        why = "" if (status.st_dev, status.st_ino) in ours else unsafe_to_share(descriptor, status)
        if why:
            return why
    return ""


def unsafe_to_share(descriptor: int, status: os.stat_result) -> str:
    if stat.S_ISSOCK(status.st_mode):
        return "a socket is open after collection"
    try:
        name = os.readlink("/proc/self/fd/%d" % descriptor)
    except OSError:
        name = ""
    if "eventpoll" in name:
        return "an event loop is open after collection"
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
    is_written = flags & os.O_ACCMODE != os.O_RDONLY and not flags & os.O_APPEND
    if stat.S_ISREG(status.st_mode) and is_written and status.st_nlink:  # pytest's own capture files have no name
        return "a file is open for writing after collection (%s)" % os.path.basename(name)
    return ""
