"""Reading, opening and copying of files."""

from __future__ import annotations

import errno
import os

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

#: a flag for ``os.open``, without which Windows reads and writes other ends of lines than the file has
BINARY: int = getattr(os, "O_BINARY", 0)

#: whether mode and times of a file are set through its descriptor; on Windows only its path will do
CAN_CHANGE_OPEN = {os.utime, os.chmod} <= os.supports_fd

#: asks btrfs, XFS and others to let a file share the bytes of another one until one of them is written
_FICLONE = 0x40049409

#: errors of file systems that cannot share bytes with each other, or have no holes
CANNOT = (errno.EOPNOTSUPP, errno.ENOTTY, errno.EXDEV, errno.EINVAL, errno.EPERM, errno.ENOSYS)


def read_at(descriptor: int, length: int, offset: int) -> bytes:
    """At most ``length`` bytes from ``offset`` on. The position of the descriptor moves."""
    os.lseek(descriptor, offset, os.SEEK_SET)
    return os.read(descriptor, length)


def share_bytes(reading: int, writing: int) -> bool:
    """Let a copy share the bytes of its original, both given by descriptor; false where the file system cannot."""
    if fcntl is None:
        return False
    try:
        fcntl.ioctl(writing, _FICLONE, reading)
    except OSError as error:
        if error.errno in CANNOT:
            return False
        raise
    return True


def next_data(descriptor: int, at: int) -> tuple[int, int] | None:
    """Where the next bytes of a file with holes begin and end, from ``at`` on; ``None`` if only a hole follows.

    Raises ``OSError``, of :data:`CANNOT` where the file system does not tell.
    """
    try:
        begin = os.lseek(descriptor, at, os.SEEK_DATA)
    except OSError as error:
        if error.errno == errno.ENXIO:
            return None
        raise
    return begin, os.lseek(descriptor, begin, os.SEEK_HOLE)


def may_have_holes(status: os.stat_result) -> bool:
    """Whether a file takes less room than its length, on a system that tells where its holes are."""
    return hasattr(os, "SEEK_DATA") and status.st_blocks * 512 < status.st_size
