"""How kit is connected with a process that it starts: by an inherited socket, or by one of the loopback interface."""

from __future__ import annotations

import hmac
import os
import secrets
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from kit.platform.abilities import CAN_INHERIT

#: how long a living process may take to connect, and one that has connected to show its token, in seconds
_CONNECT_LIMIT, _TOKEN_LIMIT = 60.0, 2.0

#: how often kit looks whether the process still lives, in seconds
_TICK = 0.05

_LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class OtherEnd:
    """The end of a connection that is for another process.

    ``word`` is the argument by which the command of the process names it, ``options`` is what ``Popen`` needs for it.
    ``descriptor`` can be sent to a process that exists already; -1 where there is none.
    """

    word: str
    options: Mapping[str, Any] = field(default_factory=dict)
    descriptor: int = -1


class PendingLink(Protocol):
    """A connection that is being made."""

    @property
    def other_end(self) -> OtherEnd:
        """What the other process needs, until :meth:`hand_over`."""

    def hand_over(self, is_alive: Callable[[], bool]) -> socket.socket:
        """The other process was started: kit's end. It is at its end at once where the process does not connect."""

    def close(self) -> None:
        """Close the other end; for a process that could not be started."""


class InheritedLink:
    """A socket pair, whose other end the process inherits."""

    def __init__(self) -> None:
        self._ours, self._theirs = socket.socketpair()

    @property
    def other_end(self) -> OtherEnd:
        """See :class:`PendingLink`."""
        descriptor = self._theirs.fileno()
        return OtherEnd(str(descriptor), {"pass_fds": (descriptor,)}, descriptor)

    def hand_over(self, is_alive: Callable[[], bool]) -> socket.socket:  # noqa: ARG002  it has its end already
        """Close kit's copy of the other end, so that the end of the process can be noticed."""
        self._theirs.close()
        return self._ours

    def close(self) -> None:
        """See :class:`PendingLink`."""
        self._theirs.close()
        self._ours.close()


class LoopbackLink:
    """A socket at which the process connects, and shows a token that only this user can read."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is one that other users cannot read."""
        self._listener = socket.create_server((_LOOPBACK, 0), backlog=8)
        self._token = secrets.token_hex(16).encode()
        self._path = folder / f"connect-{secrets.token_hex(8)}"
        descriptor = os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(b"%d %s" % (self._listener.getsockname()[1], self._token))

    @property
    def other_end(self) -> OtherEnd:
        """See :class:`PendingLink`."""
        return OtherEnd(f"connect:{self._path}")

    def hand_over(self, is_alive: Callable[[], bool]) -> socket.socket:
        """Wait until the process has connected."""
        deadline = time.monotonic() + _CONNECT_LIMIT
        self._listener.settimeout(_TICK)
        try:
            while is_alive() and time.monotonic() < deadline:
                if connection := self._accepted():
                    return connection
            return _ended()
        finally:
            self.close()

    def close(self) -> None:
        """See :class:`PendingLink`."""
        self._listener.close()
        self._path.unlink(missing_ok=True)

    def _accepted(self) -> socket.socket | None:
        try:
            connection, _ = self._listener.accept()
        except TimeoutError:
            return None
        connection.settimeout(_TOKEN_LIMIT)
        if hmac.compare_digest(_read(connection, len(self._token)), self._token):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection
        connection.close()  # of somebody else on this machine
        return None


def new_link(folder: Path) -> PendingLink:
    """A connection for a process that is about to be started; ``folder`` is one that other users cannot read."""
    return InheritedLink() if CAN_INHERIT else LoopbackLink(folder)


def send_with(connection: socket.socket, data: bytes, descriptors: Sequence[int]) -> None:
    """Send bytes with descriptors for the other process, where it inherits its end of the connection."""
    socket.send_fds(connection, [data], descriptors)


def _read(connection: socket.socket, length: int) -> bytes:
    """At most ``length`` bytes; fewer when the other side is gone or takes too long."""
    data = b""
    try:
        while len(data) < length and (more := connection.recv(length - len(data))):
            data += more
    except OSError:
        return data
    return data


def _ended() -> socket.socket:
    """A socket whose other side is gone."""
    ours, theirs = socket.socketpair()
    theirs.close()
    return ours
