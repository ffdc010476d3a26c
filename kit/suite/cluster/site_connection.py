"""kit's connection to one site: sends commands, receives events, and notices when the site is lost."""

from __future__ import annotations

import time
from typing import Any

import msgspec

from kit.suite.cluster.scheduler import Call, RemoteSite, WorkerLostError
from kit.suite.cluster.site_commands import Command, NoMore

#: how long a worker may take to answer before it counts as lost, in seconds
_SILENCE_LIMIT = 30.0


#: an event of a site, or a message about the site itself
Record = dict[str, Any]


class SiteConnection:
    """The site with this ``number``, on the Dask worker at ``address``.

    It has ``slots`` workers, which have the numbers from ``first`` on in the run.
    """

    def __init__(self, number: int, address: str, first: int, slots: int, remote: RemoteSite) -> None:
        self.number, self.address, self.first, self.slots = number, address, first, slots
        self.is_ready = False
        #: whether kit has sent that there are no more batches
        self.is_finishing = False
        self.problem: str | None = None
        self._remote = remote
        self._call: Call | None = None
        self._outgoing: list[bytes] = []
        self._rest = b""
        self._answered = time.monotonic()

    @property
    def is_starting(self) -> bool:
        """Whether the worker has not answered yet to the request to start the site."""
        return self._remote.is_starting

    def send(self, command: Command) -> None:
        """Send a command with the next :meth:`exchange`."""
        self._outgoing.append(msgspec.json.encode(command) + b"\n")

    def finish(self) -> None:
        """Send that there are no more batches."""
        if not self.is_finishing:
            self.is_finishing = True
            self.send(NoMore())

    def exchange(self) -> None:
        """Request the events of the site and send it the commands, unless an answer is still outstanding.

        Raises :class:`TargetError` if the site could not start, and :class:`WorkerLostError`.
        """
        if self._call is None and self._remote.has_started:
            self._call = self._remote.exchange(b"".join(self._outgoing))
            self._outgoing.clear()
            self._answered = time.monotonic()

    def receive(self) -> list[Record]:
        """The events that have arrived. Raises :class:`WorkerLostError`."""
        if self._call is not None and self._call.is_done:
            received, self._call, self._answered = self._rest + self._call.result(), None, time.monotonic()
            *lines, self._rest = received.split(b"\n")
            return [msgspec.json.decode(line) for line in lines]
        if self._call is not None and time.monotonic() - self._answered > _SILENCE_LIMIT:
            raise WorkerLostError
        return []

    def stop(self) -> Call | None:
        """Let the site end at once."""
        return self._remote.stop()

    def forget(self) -> None:
        """Release the site, which has ended or is lost."""
        self._remote.forget()
