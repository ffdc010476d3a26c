"""The suite probe's connection with kit where a process cannot inherit descriptors: over the loopback interface.

The command line names a file that only this user can read, with a port and a token: ``connect:PATH``.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import contextlib
import socket

from .channel import Channel, Control

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    import os
    from typing import List, Optional, Tuple

    from ...wire.commands import Command


class LoopbackControl(Control):
    """The channel of a process that collects and works. It is never forked: no descriptor comes with a command."""

    no_fork = "kit works without forks here"

    def __init__(self, path: str) -> None:
        Channel.__init__(self, -1)
        self._socket = connected(path)
        receive, send = self._socket.recv, self._socket.send
        self._read = lambda _, size: receive(size)
        self._write = lambda _, line: send(line)

    def receive_command(self) -> Tuple[Optional[Command], List[int]]:
        return self.receive(), []

    def files(self) -> List[os.stat_result]:
        return []

    def let_go(self) -> None:
        """Close it: else what was sent last could be lost with the process."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
        self._socket.close()


def connected(path: str) -> socket.socket:
    """A connection with kit, which knows us by the token."""
    with open(path, "rb") as file:
        port, token = file.read().split()
    connection = socket.create_connection(("127.0.0.1", int(port)))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(token)
    return connection
