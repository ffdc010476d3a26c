"""Locks that show other processes that a file is in use. The system releases them when their process ends."""

from __future__ import annotations

import os
from pathlib import Path

from kit.platform.files import BINARY

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


def take_lock(path: Path) -> int:
    """Lock the file, which is made if it is missing, and return its descriptor: closing it releases the lock.

    Raises ``OSError`` when another process holds it.
    """
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | BINARY, 0o600)
    try:
        _lock(descriptor, path)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def lock_for_writing(descriptor: int) -> None:
    """Lock an open file that others go on reading. On Windows a lock would keep them from it, so there is none.

    Raises ``BlockingIOError`` when another process holds the lock, and ``OSError`` on a file system without locks.
    """
    if fcntl is not None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_written(path: Path) -> bool:
    """Whether a process holds the lock of :func:`lock_for_writing` on the file; false where that cannot be known."""
    try:
        descriptor = os.open(path, os.O_RDWR | BINARY)
    except OSError:
        return False
    try:
        lock_for_writing(descriptor)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False


def _lock(descriptor: int, path: Path) -> None:
    if fcntl is not None:  # filelock does the same, and importing it takes 70 ms, as long as a small scan
        lock_for_writing(descriptor)
        return
    import filelock

    if not filelock.lock_descriptor(descriptor, blocking=False):
        raise BlockingIOError(f"{path} is locked by another process")
