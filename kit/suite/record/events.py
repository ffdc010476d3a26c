"""The record of a run: one JSON object a line, appended as things happen, and the functions that read it.

The first line of a file is ``{"kind": "header", "format": "kit-events", "version": 1}``. Every event has a ``kind`` and
``at``, the seconds since its session began. Readers ignore kinds and keys that they do not know, and an incomplete last
line. Paths are relative to the target's root; all text is masked before it is written. ``events.schema.json`` is the
schema. A test that begins has no event of its own, so a test that passes costs one line: ``running`` lists what runs,
and ``finished`` has the duration of each phase.

=================  ====================================================================================================
kind               content
=================  ====================================================================================================
session            a run begins, or continues in the same file: ``started`` (UTC), ``workers``, ``timeout_s``;
                   ``attempt``, from 1: its sessions continue each other, and a new one runs every test again;
                   ``whole``: false when only chosen tests are to run
neutralised        ``what``: an option of the target's that was disabled, in a sentence
refused            plain pytest, with the target's own configuration, does not start: ``refusal`` (a
                   :class:`~kit.facts.suite.StartRefusal`)
failed_end         every test passes, and plain pytest's session fails at its end: ``end`` (a
                   :class:`~kit.facts.ending.FailedEnd`)
collecting         every 0.3 s: ``files`` and ``tests`` found so far
collected          one test: ``nodeid``, ``path``, ``line``, ``fixtures``, ``markers``; ``short_id`` where the node id
                   is masked
collection_error   ``path``, ``failure`` (a :class:`~kit.facts.failures.Failure`)
ready              collection is over: ``tests`` (how many), ``isolation``, ``rootdir``, ``pytest``, ``loaded_modules``,
                   ``expected_s`` (by the durations of earlier runs; ``None``: not known), ``beginning`` (as in
                   :class:`~kit.facts.suite.SuiteFacts`)
child              a process that runs tests: ``worker``, ``state`` (``started``, ``done``, ``lost``), ``reason``; on a
                   cluster ``on``, the address of the machine's Dask worker
running            every 0.5 s: ``tests``, a list of ``worker``, ``nodeid``, ``phase``, ``seconds``
slow               ``nodeid`` takes long, once: ``seconds``, ``phase``, ``frames`` (where it is, outermost first; empty
                   where that cannot be read without waking it up)
failure            a distinct one, before the first test that points to it: ``failure``
finished           one test, once: ``nodeid``, ``outcome``, ``phase``, ``seconds``, ``phases`` (those of set-up, call,
                   tear-down), ``failure`` (its id), ``reason``, ``worker``
leaked             ``nodeid`` has left ``processes`` behind (their commands); known when the child that ran it ends
rechecking         ``tests``, a number, are about to run once more, ``how``: ``alone``, ``in order``, ``beside others``
restarted          starts of tests (``nodeids``) that ``finished`` does not tell of: they were run once more, or were
                   lost with their worker
rerun              every 0.5 s: ``done`` of these ``tests`` have been, ``how`` is as in ``rechecking``
rechecked          a failing test was run once more: ``nodeid``, ``was`` (its outcome), ``alone``, and what changes of
                   ``outcome``, ``failure``, ``reason``, ``phase``, ``seconds``
protection         ``what``: how the real tree is protected from the tests, in a sentence
touched            something of the real tree changed all the same: ``path``, ``how``, and the ``tests`` that ran then
not_alone          the test file ``path`` was collected with the others and cannot be alone: ``error``, in one line
shares             ``what``: tests share something outside of the process, in a sentence
polluted           the outcome of ``victim`` comes of ``states`` (``path``, ``before``, ``after``) that ``polluters``
                   have changed; ``instead`` is its outcome without them
state_settled      ``answers``: numbers for the next run, of changed states that make no difference to a test
state_watch        ``what``: what the watch of shared state could not do, in a sentence
views              workers have copy-on-write overlays of the files; recorded again, with the reason (``why``), when
                   these do not ``help`` to keep such tests apart
warning            a distinct one, when it is first raised: ``category``, ``message``, ``path``, ``line``, ``nodeid``,
                   ``count``; at the end again, ``count`` times more
measured           the lines that the tests of ``worker`` have run are on the disk
coverage           of the lines: ``coverage`` (a :class:`~kit.facts.suite.Coverage`), or the ``problem`` that there was
executed           the functions that failing tests have executed: ``execution`` (a
                   :class:`~kit.facts.execution.Execution`), where that is recorded
end                the run is over: ``seconds``, ``problem``, ``interrupted``, ``accounting``
=================  ====================================================================================================
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from kit.facts.errors import UsageError
from kit.facts.garbage import collector_off
from kit.facts.suite import SuiteFacts
from kit.masking import escaped_line
from kit.platform.files import BINARY, read_at
from kit.platform.locks import lock_for_writing
from kit.suite.record.attempts import Attempts
from kit.suite.record.folding import Event
from kit.target import PRIVATE_FILE, private_file, private_folder

_LOG = logging.getLogger(__name__)

#: how long the lock of a file may be held before another run is taken to write to it, in seconds
_PATIENCE_S = 1.0

VERSION = 1
HEADER = {"kind": "header", "format": "kit-events", "version": VERSION}


class EventWriter:
    """Appends events to a file; each is whole and on its way to the disk when :meth:`write` returns."""

    def __init__(self, path: Path) -> None:
        """Open ``path`` for appending, and begin it with the header if it is new.

        Raises :class:`UsageError` when it cannot be written, and when another run writes to it.
        """
        flags = os.O_CREAT | os.O_RDWR | os.O_APPEND | BINARY
        self._path, self._is_torn = path, False
        try:
            private_folder(path.parent)
            self._descriptor = os.open(path, flags, PRIVATE_FILE)
            _lock(self._descriptor)
            self._begin()
        except BlockingIOError:
            os.close(self._descriptor)
            raise UsageError(
                f"Another run of kit writes to {path}: wait until it has ended "
                f"(`kit watch {path.parent.name}` shows it), or start another case."
            ) from None
        except OSError as error:
            raise UsageError(f"{path} cannot be written: {error.strerror}; choose another reports folder.") from error

    def _begin(self) -> None:
        size = os.fstat(self._descriptor).st_size
        if size == 0:
            self.write(HEADER)
        else:  # its last line may have been torn when kit was killed
            self._is_torn = read_at(self._descriptor, 1, size - 1) != b"\n"

    def write(self, event: Event) -> None:
        """Append one event. Raises ``OSError`` when the disk is full; what comes when it is not any more is whole."""
        data = (b"\n" if self._is_torn else b"") + escaped_line(msgspec.json.encode(event)) + b"\n"
        while data:
            written = os.write(self._descriptor, data)
            data = data[written:]
            self._is_torn = bool(data)

    def bring_back(self) -> None:
        """Write all of it once more if the file was removed meanwhile. Raises ``OSError``."""
        status = os.fstat(self._descriptor)
        if not status.st_nlink:
            private_file(private_folder(self._path.parent) / self._path.name).write_bytes(
                read_at(self._descriptor, status.st_size, 0)
            )
            removed, self._descriptor = self._descriptor, os.open(self._path, os.O_RDWR | os.O_APPEND | BINARY)
            os.close(removed)
            _lock(self._descriptor)

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


def _lock(descriptor: int) -> None:
    """Let no other process write to a file of events meanwhile. Raises ``BlockingIOError`` when one does.

    A kit that was killed while it started a process leaves the lock to that process, until it runs its program.
    """
    gives_up = time.monotonic() + _PATIENCE_S
    while True:
        try:
            lock_for_writing(descriptor)
        except BlockingIOError:
            if time.monotonic() > gives_up:
                raise
            time.sleep(0.05)
        except OSError as error:  # a file system without locks
            _LOG.debug("files are not locked here: %s", error)
            return
        else:
            return


def iterate_events(path: Path) -> Iterator[dict[str, Any]]:
    """The events of a file, in order. A file that does not exist has none."""
    try:
        with path.open("rb") as file:
            for line in file:
                event = parse_line(line)
                if event is not None:
                    yield event
    except FileNotFoundError:
        return


def parse_line(line: bytes) -> dict[str, Any] | None:
    """The event of a line; ``None`` when it is torn, or nothing of ours."""
    if not line.endswith(b"\n"):
        return None
    try:
        event = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return event if isinstance(event, dict) and isinstance(event.get("kind"), str) else None


@collector_off()
def read_events(path: Path) -> SuiteFacts:
    """The facts that a file of events holds, also when the run was killed in the middle of it."""
    attempts = Attempts()
    for event in iterate_events(path):
        attempts.add(event)
    return attempts.facts()
