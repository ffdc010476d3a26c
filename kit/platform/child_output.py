"""The end of what a child process prints: read when a selector says so, or, where none waits for pipes, by a thread."""

from __future__ import annotations

import contextlib
import os
from threading import Thread
from typing import IO, Protocol

from kit.platform.abilities import CAN_INHERIT

_CHUNK = 1 << 16

#: how long the thread may take to end after the last process that could print has, in seconds
_END_LIMIT = 2.0

#: how long output may take to arrive, in seconds
_ON_ITS_WAY = 0.2


class ChildOutput(Protocol):
    """The output of one process. ``descriptor`` is for a selector; ``None`` where nobody has to :meth:`read`."""

    descriptor: int | None

    def read(self) -> bool:
        """Read what has arrived, without waiting; false when there is nothing more to come."""

    def tail(self) -> bytes:
        """The last bytes of what has arrived, as many as are kept."""

    def close(self) -> None:
        """Read no more."""


class PolledOutput:
    """Reads a pipe whenever :meth:`read` is called."""

    def __init__(self, stream: IO[bytes], kept: int) -> None:
        self._stream, self._kept, self._tail = stream, kept, b""
        self.descriptor: int | None = stream.fileno()
        os.set_blocking(stream.fileno(), False)

    def read(self) -> bool:
        """See :class:`ChildOutput`."""
        with contextlib.suppress(BlockingIOError):
            while data := os.read(self._stream.fileno(), _CHUNK):
                self._tail = (self._tail + data)[-self._kept :]
            return False
        return True

    def tail(self) -> bytes:
        """See :class:`ChildOutput`."""
        return self._tail

    def close(self) -> None:
        """See :class:`ChildOutput`."""
        self._stream.close()


class ThreadedOutput:
    """Reads a pipe in a thread until its end."""

    descriptor: int | None = None

    def __init__(self, stream: IO[bytes], kept: int) -> None:
        self._stream, self._kept, self._tail = stream, kept, b""
        self._thread = Thread(target=self._read_all, name="kit-output", daemon=True)
        self._thread.start()

    def read(self) -> bool:
        """See :class:`ChildOutput`."""
        return self._thread.is_alive()

    def tail(self) -> bytes:
        """See :class:`ChildOutput`; what a process that has just ended has printed may still be on its way."""
        self._thread.join(_ON_ITS_WAY)
        return self._tail

    def close(self) -> None:
        """Wait for the end of the output. A pipe that is still held is left to its thread: closing it would block."""
        self._thread.join(_END_LIMIT)
        if not self._thread.is_alive():
            self._stream.close()

    def _read_all(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # closed meanwhile
            while data := os.read(self._stream.fileno(), _CHUNK):
                self._tail = (self._tail + data)[-self._kept :]


def output_of(stream: IO[bytes], kept: int) -> ChildOutput:
    """The output of a process whose pipe is ``stream``; ``kept`` is how many of its last bytes are kept."""
    return PolledOutput(stream, kept) if CAN_INHERIT else ThreadedOutput(stream, kept)
