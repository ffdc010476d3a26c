"""kit's end of the line to one site: what is said, what is heard, and whether it is still there."""

from __future__ import annotations

import time
from typing import Any

import msgspec

from kit.suite.cluster.scheduler import Call, RemoteSite, WorkerLostError
from kit.suite.cluster.site_commands import Command, NoMore

#: how long a worker may take to pass something on before it counts as lost, in seconds
_SILENCE_LIMIT = 30.0


#: an event of a site, or a message about the site itself
Record = dict[str, Any]


class SiteConnection:
    """The site with this ``number`` in the run, on the worker at ``address``. Its workers are ``slots`` of the run's,
    from number ``first`` on.
    """

    def __init__(self, number: int, address: str, first: int, slots: int, remote: RemoteSite) -> None:
        self.number, self.address, self.first, self.slots = number, address, first, slots
        self.is_ready = False
        #: whether it was told that there is no more to do
        self.is_dismissed = False
        self.problem: str | None = None
        self._remote = remote
        self._call: Call | None = None
        self._outgoing: list[bytes] = []
        self._rest = b""
        self._heard = time.monotonic()

    @property
    def is_starting(self) -> bool:
        """Whether the worker has not answered yet that it was asked to start it."""
        return self._remote.is_starting

    def send(self, command: Command) -> None:
        """Send something with the next :meth:`ask`."""
        self._outgoing.append(msgspec.json.encode(command) + b"\n")

    def dismiss(self) -> None:
        """Say that there is no more to do."""
        if not self.is_dismissed:
            self.is_dismissed = True
            self.send(NoMore())

    def ask(self) -> None:
        """Pass on what was said, and ask what there is to hear, unless the answer is still out. Raises
        :class:`TargetError` with what kept it from starting, and :class:`WorkerLostError`.
        """
        if self._call is None and self._remote.has_started:
            self._call = self._remote.exchange(b"".join(self._outgoing))
            self._outgoing.clear()
            self._heard = time.monotonic()

    def hear(self) -> list[Record]:
        """What there is to hear now. Raises :class:`WorkerLostError`."""
        if self._call is not None and self._call.is_done:
            said, self._call, self._heard = self._rest + self._call.result(), None, time.monotonic()
            *lines, self._rest = said.split(b"\n")
            return [msgspec.json.decode(line) for line in lines]
        if self._call is not None and time.monotonic() - self._heard > _SILENCE_LIMIT:
            raise WorkerLostError
        return []

    def stop(self) -> Call | None:
        """Let it end at once."""
        return self._remote.stop()

    def forget(self) -> None:
        """It has ended, or is lost."""
        self._remote.forget()
