"""Whether children may be forked from a process that has collected a suite."""

from __future__ import annotations

import gc
import io
import os
import stat
import sys

from .threads import answering_xdist, why_unsafe

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Iterator, Set, Tuple


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


def has_file_open_for_writing(root: str) -> bool:
    """Whether a file below ``root`` is open for writing: the workers would write to one file."""
    below = os.path.join(root, "")
    if fcntl is None or sys.platform == "darwin":
        return any(path.startswith(below) for path in written_by_objects())
    return any(
        is_open_for_writing(descriptor) and name_of(descriptor).startswith(below) for descriptor in range(3, 1024)
    )


def written_by_objects() -> Iterator[str]:
    """The files that Python objects have open for writing, where the system does not list the descriptors' names."""
    for one in gc.get_objects():
        if type(one) is io.FileIO and not one.closed and one.mode in ("wb", "xb", "rb+", "xb+"):
            name: Any = one.name
            if isinstance(name, (str, bytes)) and os.path.exists(name):  # else it is that of a standard stream
                yield os.path.abspath(os.fsdecode(name))


def is_open_for_writing(descriptor: int) -> bool:
    try:
        flags, status = fcntl.fcntl(descriptor, fcntl.F_GETFL), os.fstat(descriptor)
    except OSError:
        return False
    is_written = flags & (os.O_WRONLY | os.O_RDWR) and not flags & os.O_APPEND
    return bool(stat.S_ISREG(status.st_mode) and is_written and status.st_nlink)  # pytest's own capture has no name


def name_of(descriptor: int) -> str:
    try:
        return os.readlink("/proc/self/fd/%d" % descriptor)
    except OSError:
        return ""


def unsafe_to_share(descriptor: int, status: os.stat_result) -> str:
    if stat.S_ISSOCK(status.st_mode):
        return "a socket is open after collection"
    name = name_of(descriptor)
    if "eventpoll" in name:
        return "an event loop is open after collection"
    if is_open_for_writing(descriptor):
        return "a file is open for writing after collection (%s)" % os.path.basename(name)
    return ""
