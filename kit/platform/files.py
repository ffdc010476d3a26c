"""Reading of open files."""

from __future__ import annotations

import os


def read_at(descriptor: int, length: int, offset: int) -> bytes:
    """At most ``length`` bytes from ``offset`` on. The position of the descriptor moves."""
    os.lseek(descriptor, offset, os.SEEK_SET)
    return os.read(descriptor, length)
