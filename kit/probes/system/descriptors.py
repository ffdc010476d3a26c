"""Descriptors that processes send to each other over a socket."""

from __future__ import annotations

import array
import socket

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import List, Tuple


def received(connection: socket.socket, most: int) -> Tuple[bytes, List[int]]:
    """What has arrived, and the descriptors that came with it, ``most`` of them at most."""
    descriptors = array.array("i")
    size = descriptors.itemsize
    data, ancillary, _, _ = connection.recvmsg(1 << 16, socket.CMSG_SPACE(most * size))
    for level, kind, content in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            descriptors.frombytes(content[: len(content) // size * size])
    return data, descriptors.tolist()


def send_with(connection: socket.socket, data: bytes, descriptor: int) -> None:
    """Send a descriptor along with ``data``."""
    rights = array.array("i", [descriptor])
    connection.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
