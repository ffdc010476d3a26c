"""JSON lines on a stream socket, kit's end."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

import msgspec

from kit.platform.worker_links import InheritedLink, OtherEnd, PendingLink, send_with
from kit.suite.process.messages import Misfits

_CHUNK = 1 << 18

#: how long the other side may take to make room for what it has asked for, in seconds
_SEND_LIMIT = 5.0

M = TypeVar("M")


class Connection(Generic[M]):
    """One of the two ends of a socket; the other goes to a process of the target, which cannot be trusted.

    Nothing here raises when the other side is gone: :attr:`closed` tells, once everything it had sent is read.
    """

    def __init__(self, decoder: msgspec.json.Decoder[M], misfits: Misfits, link: PendingLink | None = None) -> None:
        """``decoder`` reads one message; ``misfits`` counts the lines that it cannot read. By default the other end is
        one that a process inherits.
        """
        self._link: PendingLink = link or InheritedLink()
        self._socket: socket.socket | None = None
        self._decoder, self._misfits = decoder, misfits
        self._rest = b""
        self.closed = False

    def fileno(self) -> int:
        """kit's descriptor, for a selector."""
        return -1 if self._socket is None else self._socket.fileno()

    @property
    def theirs(self) -> OtherEnd:
        """The end for the other side, until :meth:`hand_over`."""
        return self._link.other_end

    def hand_over(self, is_alive: Callable[[], bool] = lambda: True) -> None:
        """The other side has its end, or takes it while it ``is_alive``: from here on it can be spoken to."""
        self._socket = self._link.hand_over(is_alive)
        self._socket.setblocking(False)

    def send(self, message: Any, *descriptors: int) -> None:
        """Send one message, with descriptors for the other process."""
        assert self._socket is not None
        data = msgspec.json.encode(message) + b"\n"
        with contextlib.suppress(OSError):  # it is gone, which the next read tells
            self._socket.settimeout(_SEND_LIMIT)
            if descriptors:
                send_with(self._socket, data, descriptors)
            else:
                self._socket.sendall(data)
        self._socket.setblocking(False)

    def receive(self) -> list[M]:
        """All messages that have arrived; never waits. A line that is not a message is counted."""
        while self._socket is not None and not self.closed:
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
        return list(self._decoded(lines))

    def refuse(self) -> None:
        """Take nothing more from the other side, which fails when it sends something."""
        with contextlib.suppress(OSError):  # it is gone
            if self._socket is not None:
                self._socket.shutdown(socket.SHUT_RD)

    def close(self) -> None:
        """Close both ends."""
        self._link.close()
        if self._socket is not None:
            self._socket.close()
        self.closed = True

    def _decoded(self, lines: list[bytes]) -> Iterator[M]:
        for line in lines:
            try:
                yield self._decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                self._misfits.add(error)
