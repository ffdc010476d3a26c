"""A process from before the collection: from it are forked the processes that collect one file without the others.

The process that collects the suite forks it, and passes on to it over a socket what kit asks for: ``{"file": path}``
and the descriptor of a connection to kit. The answer is ``{"kind": "forked", "pid": N}``, a process that goes on from
there as if pytest had been started for this file. It costs the imports of that file; a start of pytest would cost more.
"""

from __future__ import annotations

import json
import os
import socket

from ..system import forks
from ..system.descriptors import send_with
from .channel import Control, leave

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Optional, Tuple


class Standby:
    """The process that stands by, as the one that collects the suite knows it."""

    def __init__(self, pid: int, link: socket.socket) -> None:
        self._pid, self._link = pid, link

    def file(self) -> os.stat_result:
        """The file of the connection to it."""
        return os.fstat(self._link.fileno())

    def collect(self, path: str, descriptor: int) -> int:
        """Let it fork a process that collects this file alone and has this connection to kit; its process id."""
        send_with(self._link, json.dumps({"file": path}).encode() + b"\n", descriptor)
        answer = self._link.recv(1 << 12)
        return int(json.loads(answer)["pid"]) if answer else 0

    def end(self) -> None:
        """Let it end: there is nothing more to collect."""
        self.forget()
        os.waitpid(self._pid, 0)

    def forget(self) -> None:
        """Close the connection in a copy of the process that may use it."""
        self._link.close()


def stand_by(control: Control) -> Tuple[Optional[Standby], str, Optional[Control]]:
    """Fork the process that stands by, and return it; in what is forked from that process later, return the file to
    collect and the connection to kit. ``control`` is the connection of the process that collects the suite.
    """
    ours, theirs = socket.socketpair()
    pid = forks.fork_flushed()
    if pid:
        theirs.close()
        return Standby(pid, ours), "", None
    ours.close()
    os.close(control.descriptor)  # kit has to see it when the other process ends
    return (None, *_serve(Control(theirs.detach())))


def _serve(link: Control) -> Tuple[str, Control]:
    """Fork a process for each request. Returns only in such a process."""
    while True:
        command, descriptors = link.receive_command()
        request: Any = command
        if request is None:
            leave(0)
        pid = forks.fork_flushed()
        if not pid:
            forks.lead_group()
            os.close(link.descriptor)
            link.let_go()
            return request["file"], Control(descriptors[0])
        os.close(descriptors[0])
        link.send({"kind": "forked", "pid": pid})
