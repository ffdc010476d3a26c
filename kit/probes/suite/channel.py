"""How the suite probe speaks to kit: JSON lines on a descriptor, and a slot of shared memory.

The target's tests may replace functions of ``os``, ``time`` and ``json`` under our feet, so what is needed while they
run is bound beforehand, and to objects, since tools like freezegun exchange what they find in modules.
"""

from __future__ import annotations

import json
import mmap
import os
import socket
import time

from ...wire.layout import CUT_OFF, MOST_DESCRIPTORS, SLOT, SLOT_SIZE, TEXT_AT, TEXT_LENGTH
from ..system.descriptors import received

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, List, Optional, Tuple

    from ...wire.commands import Command
    from ...wire.messages import FromProbe


BINARY = getattr(os, "O_BINARY", 0)  # else Windows changes the ends of lines
leave = os._exit  # bound before a test can replace it


def as_sent(text: str) -> str:
    """A text as kit gets it and gives it back: the name of a file that is not UTF-8 has half a surrogate in it."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def on_disk(arguments: List[str]) -> List[str]:
    """Arguments of pytest, each path as the disk has it: :func:`as_sent` has changed those that are not UTF-8."""
    return [one for argument in arguments for one in _on_disk(argument)]


def _on_disk(argument: str) -> List[str]:
    before = "--ignore=" if argument.startswith("--ignore=") else ""
    path = argument[len(before) :]
    if "?" not in path or os.path.lexists(path):
        return [argument]
    found = ["/" if path.startswith("/") else ""]
    for part in filter(None, path.split("/")):
        found = [os.path.join(folder, name) for folder in found for name in _names_in(folder) if as_sent(name) == part]
    return [before + one for one in found] or [argument]


def _names_in(folder: str) -> List[str]:
    try:
        return sorted(os.listdir(folder or "."))
    except OSError:
        return []


class Channel:
    """JSON lines on a descriptor. What a test has forked and forgotten inherits it, but must not speak for us."""

    def __init__(self, descriptor: int) -> None:
        if descriptor >= 0:
            os.set_inheritable(descriptor, False)
        self.descriptor, self._owner, self._rest = descriptor, os.getpid(), b""
        self._read, self._write, self._getpid, self._exit = os.read, os.write, os.getpid, os._exit
        self._encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
        self._decode = json.loads

    def guard(self) -> None:
        """Ends a process that is a stray copy of a child: what its test function did is done."""
        if self._getpid() != self._owner:
            self._exit(0)

    def send(self, message: FromProbe) -> None:
        self.guard()
        line = (self._encode(message) + "\n").encode("utf-8", "replace")
        try:
            while line:
                line = line[self._write(self.descriptor, line) :]
        except OSError:
            self._exit(CUT_OFF)  # kit is gone, or the test closed what it had not opened

    def receive(self) -> Any:
        """The next object, ``None`` when kit is gone."""
        while b"\n" not in self._rest:
            try:
                data = self._read(self.descriptor, 1 << 16)
            except OSError:
                data = b""
            if not data:
                return None
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        return self._decode(line.decode())


class Control(Channel):
    """The channel of a process that collects, on which kit may pass descriptors along with a command."""

    #: why this process is not to be forked, ``""`` if nothing here speaks against it
    no_fork = ""

    def __init__(self, descriptor: int) -> None:
        Channel.__init__(self, descriptor)
        # kept, since a default timeout that the target sets would make a new socket object non-blocking
        self._socket = socket.socket(fileno=descriptor)

    def receive_command(self) -> Tuple[Optional[Command], List[int]]:
        """``(object, descriptors)``; kit waits for the answer to a command before it sends the next one."""
        data, descriptors = received(self._socket, MOST_DESCRIPTORS)
        self._rest += data
        return self.receive() if data else None, descriptors

    def files(self) -> List[os.stat_result]:
        """The files that the connection has open."""
        return [os.fstat(self.descriptor)]

    def let_go(self) -> None:
        """Leave the descriptor to the system: a socket object that is never closed would be a warning of ours."""
        self._socket.detach()


class BoardSlot:
    """This process's slot of the memory that it shares with kit."""

    def __init__(self, path: str) -> None:
        descriptor = os.open(path, os.O_RDWR | BINARY)
        self._memory = mmap.mmap(descriptor, 0)
        os.close(descriptor)
        self._pack, self._clock = SLOT.pack, time.monotonic
        self.slot, self._at, self._sequence, self._index, self._started = 0, 0, 0, -1, 0.0
        self._last = -1

    def use(self, slot: int) -> None:
        self.slot = slot
        self._at = slot * SLOT_SIZE
        self.say("")

    def say(self, text: str) -> None:
        """What is being collected."""
        data = text.encode("utf-8", "replace")[-(SLOT_SIZE - TEXT_AT - TEXT_LENGTH.size) :]
        at = self._at + TEXT_AT
        self._memory[at : at + TEXT_LENGTH.size + len(data)] = TEXT_LENGTH.pack(len(data)) + data

    def begin(self, index: int, phase: int) -> None:
        """A test begins, or (-1) none runs any more."""
        self._index, self._started = index, self._clock()
        if index >= 0:
            self._last = index
        self.phase(phase)

    def phase(self, phase: int) -> None:
        self._sequence += 1
        number, now = self._sequence, self._clock()
        # packed first: `pack_into` writes zeros before it writes values, and kit may look in between
        self._memory[self._at : self._at + SLOT.size] = self._pack(
            number, self._index, self._last, phase, self._started, now, number
        )
