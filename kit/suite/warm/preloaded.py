"""A process of the target's interpreter that holds third-party imports, and forks the processes that collect."""

from __future__ import annotations

import contextlib
import os
import time
from typing import IO, Literal

import psutil

from kit.platform.signalling import KILLED
from kit.suite.process.imports import Imports
from kit.suite.process.messages import Forked, Preloaded
from kit.suite.process.outcomes import exit_reason
from kit.suite.process.processes import PytestProcess, is_dead
from kit.suite.process.starting import Setting
from kit.target import bytecode_beside, kill_tree

#: how often kit looks at a process that it waits for, in seconds
_TICK = 0.002

#: how far the clock of a file system may be behind, in nanoseconds
_LAG_NS = 20_000_000

#: size and time of change in nanoseconds; ``None`` for a file that does not exist
_Mark = tuple[int, int] | None


class PreloadedProcess(PytestProcess):
    """Imports the libraries, unless that leads to :meth:`trouble`, and then forks processes: see :meth:`fork_probe`."""

    def __init__(self, setting: Setting, imports: Imports, *, careful: bool = False) -> None:
        """Start the process, without waiting for its imports. Raises ``OSError``.

        A ``careful`` process tries each package in a child first, and leaves out those that make it unusable.
        """
        request = {
            "preload": imports.names,
            "rewritten": imports.rewritten,
            "environment": imports.environment,
            "root": str(setting.folder),
            "careful": careful,
            "bytecode": str(bytecode_beside(setting.folder)),
        }
        self._began, self._imports_as_of = time.monotonic(), time.time_ns() - _LAG_NS
        super().__init__(setting, request, 0, setting.private / "preloaded")
        self.environment = setting.environment
        self._told: Preloaded | None = None
        self._marks: dict[str, _Mark] = {}

    def trouble(self, limit_s: float) -> str:
        """Why the process cannot be used, ``""`` if it can. Waits for its imports until it is ``limit_s`` old."""
        while self._told is None and not self.connection.closed:
            if time.monotonic() - self._began > limit_s:
                return f"it did not come to the end of its imports within {limit_s:g} s"
            self._listen()
            time.sleep(_TICK)
        self._listen()  # it may have ended since
        if self._told is None or self.connection.closed or not self.alive:
            said = self.output_tail().strip().rpartition("\n")[2]
            return f"it has ended ({exit_reason(self.wait(1.0))}{': ' + said if said else ''})"
        return self._told.unfit

    def is_outdated(self) -> bool:
        """Whether an imported file has changed since the start, or a package was installed, moved or removed."""
        return any(
            mark is None or mark[1] > self._imports_as_of or _mark(path) != mark for path, mark in self._marks.items()
        )

    def fork_probe(self, theirs: int, do: Literal["host", "effects", "variables"] = "host") -> PreloadedFork:
        """Start a process of the probe, or of the one of effects or of variables, given the descriptor of its
        connection. Raises ``ChildProcessError``.
        """
        reading, writing = os.pipe()
        try:
            self._command({"do": do}, theirs, writing)
            answer = self._answer(Forked)
        finally:
            os.close(writing)
        if answer is None:
            os.close(reading)
            raise ChildProcessError("the process that held the libraries has died")
        return PreloadedFork(self, self.outside(answer.pid), os.fdopen(reading, "rb", buffering=0))

    def sweep(self) -> None:
        """End what the processes that it has started left running: the process above it has adopted that."""
        with contextlib.suppress(psutil.NoSuchProcess):
            above = psutil.Process(self.pid).parent() if self.pid else None
            for child in above.children() if above else ():
                if self.alive and child.pid != self.pid:
                    kill_tree(child.pid)

    def _listen(self) -> None:
        self.drain()
        for message in self.connection.receive():
            if isinstance(message, Preloaded):
                self._told, self.pid = message, self.outside(message.pid)
                self._marks = {path: _mark(path) for path in message.files}


class PreloadedFork:
    """A process that a preloaded process has forked, as :class:`~kit.suite.process.starting.Started` has it."""

    def __init__(self, preloaded: PreloadedProcess, pid: int, stdout: IO[bytes]) -> None:
        self.pid = pid
        self.guard = preloaded.root
        self.stdout: IO[bytes] | None = stdout
        self._preloaded = preloaded
        self._returncode: int | None = None

    def poll(self) -> int | None:
        """Its status, ``None`` while it is alive."""
        if self._returncode is None and is_dead(self.pid):
            returncode = self._preloaded.reap(self.pid)
            self._returncode = KILLED if returncode is None else returncode  # its preloaded died, and it with it
        return self._returncode

    def wait(self) -> int | None:
        """Its status, as soon as it has one."""
        while self.poll() is None:
            time.sleep(_TICK)
        return self._returncode


def _mark(path: str) -> _Mark:
    try:
        status = os.stat(path)  # noqa: PTH116  thousands of them before every run
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns
