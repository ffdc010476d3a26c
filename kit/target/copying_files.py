"""How the bytes of a file get into a copy: shared with the original where that is possible, else without its holes."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable

from kit.platform.files import BINARY, CAN_CHANGE_OPEN, CANNOT, may_have_holes, next_data, share_bytes

#: pieces of this size are copied at a time, in bytes: larger ones take longer, since each gets memory of its own
_PIECE = 65_536

#: a file of at least this size is worth asking the file system to share its bytes, or to name its holes
_LARGE = 1_000_000


def copy_file(source: str, to: str, done: Callable[[int], None]) -> None:
    """Copy a file to where nothing is, with its mode and times; ``done`` is called with each number of bytes."""
    reading = os.open(source, os.O_RDONLY | BINARY)
    try:
        writing = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, stat.S_IRUSR | stat.S_IWUSR)
        try:
            status = os.fstat(reading)
            if status.st_size < _LARGE or not (
                share_bytes(reading, writing) or _without_holes(reading, writing, status, done)
            ):
                _copy_bytes(reading, writing, None, done)
            if CAN_CHANGE_OPEN:
                keep_mode_and_times(os.fstat(reading), writing)
        finally:
            os.close(writing)
        if not CAN_CHANGE_OPEN:
            keep_mode_and_times(status, to)
    finally:
        os.close(reading)


def keep_mode_and_times(status: os.stat_result, to: str | int) -> None:
    """Give a copy the mode and the times that its original had."""
    os.utime(to, ns=(status.st_atime_ns, status.st_mtime_ns))
    os.chmod(to, stat.S_IMODE(status.st_mode))  # noqa: PTH101


def _without_holes(reading: int, writing: int, status: os.stat_result, done: Callable[[int], None]) -> bool:
    """Copy what is between the holes of a sparse file; false for a file that has none."""
    if not may_have_holes(status):
        return False
    at = 0
    while at < status.st_size:
        try:
            found = next_data(reading, at)
        except OSError as error:
            if error.errno in CANNOT:
                return False
            raise
        if found is None:
            break
        begin, at = found
        os.lseek(reading, begin, os.SEEK_SET)
        os.lseek(writing, begin, os.SEEK_SET)
        _copy_bytes(reading, writing, at - begin, done)
    os.ftruncate(writing, status.st_size)
    return True


def _copy_bytes(reading: int, writing: int, number: int | None, done: Callable[[int], None]) -> None:
    """Copy the next ``number`` bytes (``None``: all). This takes half the time of the way of :mod:`shutil`."""
    left = number
    while piece := os.read(reading, _PIECE if left is None else min(_PIECE, left)):
        done(len(piece))
        if left is not None:
            left -= len(piece)
        while piece:
            piece = piece[os.write(writing, piece) :]
