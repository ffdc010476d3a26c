"""A long copy shows its progress; kit asks before it makes a very large one."""

from __future__ import annotations

import os
import sys
import time

from kit.facts.errors import TargetError, UsageError

#: how many MiB are copied without asking
VARIABLE, LIMIT_MIB = "KIT_COPY_LIMIT_MIB", 4096

#: seconds until the first progress line, and between two of them
_SILENCE_S, _INTERVAL_S = 1.0, 1.0

_MIB = 1 << 20


def check_size(source: object, size: int) -> None:
    """Raise :class:`TargetError` for a tree that is too large to be copied, unless somebody at a terminal agrees."""
    limit = _limit()
    if size <= limit * _MIB:
        return
    what = f"{source} holds {_words(size)} to copy, more than {limit:,} MiB"
    if sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty():
        sys.stderr.write(f"kit: {what}. Copy it? [y/N] ")
        sys.stderr.flush()
        if sys.stdin.readline().strip().lower() in ("y", "yes"):
            return
    raise TargetError(f"{what}; move data out of the tree, or set {VARIABLE} to a larger number.")


def _limit() -> int:
    text = os.environ.get(VARIABLE) or str(LIMIT_MIB)
    if not text.isdecimal():
        raise UsageError(f"{VARIABLE}={text} is not a number of MiB.")
    return int(text)


class CopyProgress:
    """Writes to stderr how many bytes of a copy are done."""

    def __init__(self, size: int) -> None:
        self._size, self._done = size, 0
        self._next, self._is_shown = time.monotonic() + _SILENCE_S, False

    def add(self, size: int) -> None:
        """That many bytes more are done."""
        self._done += size
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _INTERVAL_S
            self._say()

    def end(self) -> None:
        """Finish the line after the copy."""
        if self._is_shown:
            self._say()
            if sys.stderr.isatty():
                sys.stderr.write("\n")

    def _say(self) -> None:
        line = f"kit: copying the tree: {_words(self._done)} of {_words(self._size)}"
        is_terminal = sys.stderr.isatty()
        sys.stderr.write(f"\r{line}\x1b[K" if is_terminal else f"{line}\n")
        sys.stderr.flush()
        self._is_shown = True


def _words(size: int) -> str:
    return f"{size / (1 << 30):.1f} GiB" if size >= 1 << 30 else f"{size // _MIB:,} MiB"
