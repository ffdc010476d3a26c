"""JSON lines on a stream socket, kit's end."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Mapping
from typing import Any

import msgspec

_CHUNK = 1 << 18

#: how long the other side may take to make room for what it has asked for, in seconds
_SEND_LIMIT = 5.0

Record = dict[str, Any]


class Connection:
    """One of the two ends of a socket pair; the other goes to a process of the target, which cannot be trusted.

    Nothing here raises when the other side is gone: :attr:`closed` tells, once everything it had said is read.
    """

    def __init__(self) -> None:
        self._socket, self._theirs = socket.socketpair()
        self._rest = b""
        self.closed = False

    def fileno(self) -> int:
        """kit's descriptor, for a selector."""
        return self._socket.fileno()

    @property
    def theirs(self) -> int:
        """The descriptor for the other side, until :meth:`hand_over`."""
        return self._theirs.fileno()

    def hand_over(self) -> None:
        """The other side has its descriptor: close kit's copy of it, so that the end of that process can be noticed."""
        self._theirs.close()
        self._socket.setblocking(False)

    def send(self, record: Mapping[str, Any], *descriptors: int) -> None:
        """Send one object, with descriptors for the other process."""
        data = msgspec.json.encode(record) + b"\n"
        with contextlib.suppress(OSError):  # it is gone, which the next read tells
            self._socket.settimeout(_SEND_LIMIT)
            if descriptors:
                socket.send_fds(self._socket, [data], descriptors)
            else:
                self._socket.sendall(data)
        self._socket.setblocking(False)

    def receive(self) -> list[Record]:
        """All objects that have arrived; never waits. Lines that are no objects are left out."""
        while not self.closed:
            try:
                data = self._socket.recv(_CHUNK)
            except BlockingIOError:
                break
            except OSError:
                data = b""
            self.closed = not data
            self._rest += data
            if len(data) < _CHUNK:
                break
        *lines, self._rest = self._rest.split(b"\n")
        return [record for line in lines if (record := _decode(line)) is not None]

    def close(self) -> None:
        """Close both ends."""
        self._theirs.close()
        self._socket.close()
        self.closed = True


def _decode(line: bytes) -> Record | None:
    try:
        record = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return record if isinstance(record, dict) and isinstance(record.get("kind"), str) else None
