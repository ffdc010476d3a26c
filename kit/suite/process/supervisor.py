"""The processes of a run, and one place to wait for any of them."""

from __future__ import annotations

import math
import selectors
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from kit.suite.process.board import Board
from kit.suite.process.messages import FromProbe, Misfits
from kit.suite.process.processes import Child, PytestProcess
from kit.suite.process.stacks import dump_stack
from kit.suite.process.starting import Setting
from kit.suite.process.surroundings import Surroundings
from kit.suite.process.wire import Connection

#: exit codes of pytest; a process that only prepares workers collects nothing
_TESTS_FAILED, _NO_TESTS = 1, 5


@dataclass(frozen=True)
class EndedSession:
    """How pytest has ended a session: with this ``status``, as ``subprocess`` gives it; or it had to be ended, and did
    what is in ``stack``, as faulthandler writes it. ``has_failing`` tells whether a test of the session has failed.
    """

    status: int | None = None
    stack: str | None = None
    has_failing: bool = False

    @property
    def is_failure(self) -> bool:
        """Whether the session has ended with a failure that is not that of a test."""
        usual = (_NO_TESTS, _TESTS_FAILED) if self.has_failing else (_NO_TESTS,)
        return (self.status or 0) > 0 and self.status not in usual


class Supervisor:
    """Starts processes, listens to them, and ends every one of them. Slots are the workers' numbers from 0 on; the one
    after the last worker's is for the process that only collects.
    """

    def __init__(self, setting: Setting, workers: int, limit_s: float | None = None) -> None:
        """``limit_s`` is for the whole run."""
        self.board = Board(setting.private / "board", workers + 1)
        self._setting = setting
        self.surroundings = Surroundings(setting.folder)
        self._selector = selectors.DefaultSelector()
        self._numbers = count()
        self._processes: list[PytestProcess] = []
        self._connections: list[Connection[FromProbe]] = []  # of forked children
        self._ending: dict[PytestProcess, float] = {}  # with the moment at which patience ends
        self.ends_at = time.monotonic() + (limit_s or math.inf)

    @property
    def misfits(self) -> Misfits:
        """What processes have sent that could not be read."""
        return self._setting.misfits

    @property
    def is_late(self) -> bool:
        """Whether the run exceeds its time limit."""
        return time.monotonic() > self.ends_at

    def start(self, slot: int, request: Mapping[str, object], *, has_overlay: bool = False) -> PytestProcess:
        """Start a process that collects the suite; ``has_overlay``: it sees only its own changes to the files. Raises
        ``OSError`` when there is nothing to start.
        """
        self.board.clear(slot)
        view = self._new("overlay") if has_overlay else None
        process = PytestProcess(
            self._setting, {**request, "board": str(self.board.path)}, slot, self._new("stacks"), view
        )
        self._processes.append(process)
        if process.output.descriptor is not None:
            self._selector.register(process.output.descriptor, selectors.EVENT_READ, lambda: self._drain(process))
        return process

    def fork(self, server: PytestProcess, slot: int, *, watches: bool, has_overlay: bool = False) -> Child | None:
        """Fork a child from ``server``; ``None`` when the server is gone. ``has_overlay`` as above; ``watches``: it
        watches the state that tests share.
        """
        self.board.clear(slot)
        self.surroundings.keep(server)
        overlay = self._new("overlay") if has_overlay else None
        child = server.fork(slot, self._new("stacks"), overlay, watches=watches)
        if child is not None:
            self._connections.append(child.connection)
        return child

    def put_to_work(self, process: PytestProcess, slot: int) -> Child:
        """Let a process that has collected run batches itself."""
        self.board.clear(slot)
        return process.work(slot)

    def listen(self, connection: Connection[Any], when_heard: Callable[[], None]) -> None:
        """Call ``when_heard`` whenever a message arrives, or the other side is gone."""
        self.stop_listening(connection)
        self._selector.register(connection, selectors.EVENT_READ, when_heard)

    def stop_listening(self, connection: Connection[Any]) -> None:
        """Pay no more attention to a connection; to be called before it is closed."""
        if connection.fileno() >= 0 and connection.fileno() in self._selector.get_map():
            self._selector.unregister(connection)

    def wait(self, seconds: float) -> None:
        """Wait until somebody says something, at most so long, and let it be heard."""
        if not self._selector.get_map():  # Windows cannot wait for nothing
            time.sleep(seconds)
            return
        for key, _ in self._selector.select(seconds):
            if self._selector.get_map().get(key.fd) is key:  # else what was heard before has ended it
                key.data()

    def kill(self, child: Child) -> int | None:
        """End a child with all its descendants; its status, as ``subprocess`` gives it."""
        self.stop_listening(child.connection)
        if child.is_fork:
            return child.kill()
        if child.connection.closed:
            child.parent.settle()
        return self.end(child.parent)

    def end(self, process: PytestProcess) -> int | None:
        """End a process with all its descendants, forked children included; its status, as ``subprocess`` gives it."""
        self.stop_listening(process.connection)
        self._stop_draining(process)
        self._processes.remove(process)
        self._ending.pop(process, None)
        return process.kill()

    def let_end(self, process: PytestProcess, patience_s: float) -> None:
        """Let pytest end its session by itself within that time, while the others go on."""
        self.stop_listening(process.connection)
        process.finish()
        self._ending[process] = time.monotonic() + patience_s

    def end_the_ended(self, *, wait: bool = False) -> list[EndedSession]:
        """See to the processes that are ending; with ``wait`` until there are none. How they have ended."""
        ends = []
        for process, deadline in tuple(self._ending.items()):
            while wait and process.alive and time.monotonic() < deadline:
                self.wait(0.02)  # a full pipe would hold it up
            if process.alive and time.monotonic() >= deadline:
                ends.append(EndedSession(stack=dump_stack(process.pid, process.stacks)))
                self.end(process)
            elif not process.alive:
                ends.append(EndedSession(status=self.end(process), has_failing=process.has_failing))
        return ends

    def close(self) -> None:
        """End whatever is left."""
        for process in tuple(self._processes):
            self.end(process)
        for connection in self._connections:
            connection.close()
        self._selector.close()
        self.board.close()

    def _drain(self, process: PytestProcess) -> None:
        if not process.drain():
            self._stop_draining(process)

    def _stop_draining(self, process: PytestProcess) -> None:
        descriptor = process.output.descriptor
        if descriptor is not None and descriptor in self._selector.get_map():
            self._selector.unregister(descriptor)

    def _new(self, what: str) -> Path:
        return self._setting.private / f"{what}-{next(self._numbers)}"
