"""Processes of the target: one that has collected the suite, and the children that are forked from it."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import psutil

from kit.masking import mask
from kit.platform import signalling
from kit.platform.child_output import output_of
from kit.platform.process_facts import image_of, inner_pid, oom_mark, outer_pid
from kit.platform.temporary_folders import remove_tree
from kit.platform.worker_links import new_link
from kit.suite.process.file_collector import FileCollector
from kit.suite.process.leftovers import end_leftovers, leftovers, who_left
from kit.suite.process.messages import DECODER, Dismissed, Forked, FromProbe, PreparedWorker, Reaped
from kit.suite.process.starting import Setting
from kit.suite.process.wire import Connection
from kit.target import as_seen, descendants, kill_tree
from kit.wire.commands import Command, Fork
from kit.wire.layout import CUT_OFF

M = TypeVar("M")

#: how much of the end of a process's own output is kept, in bytes
_OUTPUT_TAIL = 20_000

#: how long the first process may take to answer a command, in seconds
_ANSWER_LIMIT = 10.0

#: how long a process that has closed its connection may take to be dead, in seconds
_DEATH_LIMIT = 0.5

#: how long the guard may take to sweep and to end with the status of what it guards, in seconds
_GUARD_LIMIT = 1.0


class PytestProcess:
    """A process that runs the target's pytest under the probe. It collects, then serves or works."""

    def __init__(
        self, setting: Setting, request: Mapping[str, object], slot: int, stacks: Path, overlay: Path | None = None
    ) -> None:
        """``overlay`` is the folder of its own copy-on-write overlay; without one it sees the shared files."""
        self.slot = slot
        self.stacks = stacks
        self._overlay = overlay
        self._misfits = setting.misfits
        self.connection = Connection(DECODER, setting.misfits, new_link(setting.private))
        self.pid: int | None = None  # of the interpreter itself, once it is known; the guard has another one
        self.has_failing = False  # whether a test of its session has failed, forks aside
        try:
            self._process = setting.start(setting, self.connection.theirs)
        except OSError:
            self.connection.close()
            raise
        assert self._process.stdout is not None
        self.output = output_of(self._process.stdout, _OUTPUT_TAIL)
        self.connection.hand_over(lambda: self.alive)
        whole = {**request, **setting.request, "slot": slot, "stacks": str(stacks), **_view(overlay)}
        self.connection.send(as_seen(whole, setting.folder))

    @property
    def root(self) -> int:
        """The process below which whatever it has started is found: the guard, its own or that of who has forked it."""
        return int(getattr(self._process, "guard", self._process.pid))

    @property
    def alive(self) -> bool:
        """Whether it is still there."""
        return self._process.poll() is None

    @property
    def returncode(self) -> int | None:
        """As in ``subprocess``; ``None`` while it is alive."""
        return self._process.poll()

    def drain(self) -> bool:
        """Read what it has printed; false when there is nothing more to come."""
        return self.output.read()

    def output_tail(self) -> str:
        """The end of what it has printed, masked. A line that was cut is left out: so may have been a secret in it."""
        self.drain()
        tail = self.output.tail()
        text = tail.decode(errors="replace")
        return mask(text.partition("\n")[2] if len(tail) == _OUTPUT_TAIL else text)

    def fork(self, slot: int, stacks: Path, overlay: Path | None = None, *, watches: bool) -> Child | None:
        """Fork a child that works in ``slot``, with a copy-on-write overlay of its own in ``overlay``; ``None`` when
        this process does not answer any more. ``watches``: the child watches the state that tests share.
        """
        connection = Connection(DECODER, self._misfits)
        view = "" if overlay is None else str(overlay)
        command: Fork = {"do": "fork", "slot": slot, "stacks": str(stacks), "view": view, "watches": watches}
        try:
            self._command(command, connection.theirs.descriptor)
            answer = self._answer(Forked)
            connection.hand_over()
        except BaseException:
            connection.close()
            raise
        if answer is None:
            connection.close()
            return None
        return Child(slot, self.outside(answer.pid), connection, stacks, self, overlay=overlay)

    def collect(self, file: str) -> FileCollector | None:
        """Fork a process that collects this file without the others; ``None`` when there is none to fork it from."""
        connection = Connection(DECODER, self._misfits)
        self._command({"do": "collect", "file": file}, connection.theirs.descriptor)
        answer = self._answer(Forked)
        if answer is None or not answer.pid:
            connection.close()
            return None
        connection.hand_over()
        return FileCollector(self.outside(answer.pid), connection)

    def work(self, slot: int) -> Child:
        """Let this process itself run batches."""
        self._command({"do": "work", "slot": slot})
        return Child(slot, self.pid or self._process.pid, self.connection, self.stacks, self, is_fork=False)

    def prepare(self, slot: int) -> Mapping[str, object] | None:
        """Let the suite prepare the worker of this slot: what it gives it, ``None`` when that fails."""
        self._command({"do": "prepare", "slot": slot})
        answer = self._answer(PreparedWorker)
        return None if answer is None else answer.input

    def dismiss(self, slot: int) -> None:
        """Tell the suite that the worker of this slot has ended."""
        self._command({"do": "dismiss", "slot": slot})
        self._answer(Dismissed)

    def outside(self, pid: int) -> int:
        """The id that a process below this one has for kit, given the one that it has for itself."""
        return outer_pid(pid, descendants(self.root))

    def reap(self, pid: int) -> int | None:
        """How a forked child that is dead has ended, as ``subprocess`` gives it; ``None`` when it is not known."""
        self._command({"do": "reap", "pid": inner_pid(pid)})
        answer = self._answer(Reaped)
        return None if answer is None else os.waitstatus_to_exitcode(answer.status)

    def finish(self) -> None:
        """Tell pytest to end its session."""
        self._command({"do": "end"})

    def settle(self) -> None:
        """It is dead: give its guard the time to pass on how it has ended."""
        self.wait(_GUARD_LIMIT)

    def kill(self) -> int | None:
        """End it with all its descendants and close what belongs to it; its status."""
        if self.alive:
            kill_tree(self._process.pid)
        elif self.pid is not None and not is_dead(self.pid):  # a test has killed the guard above it
            kill_tree(self.pid)
        returncode = self._process.wait()
        self.drain()
        self.output.close()
        self.connection.close()
        if self._overlay is not None:
            remove_tree(self._overlay)
        return returncode

    def wait(self, seconds: float) -> int | None:
        """Its status, as soon as it has ended by itself; ``None`` when it does not within ``seconds``."""
        deadline = time.monotonic() + seconds
        while self.alive and time.monotonic() < deadline:
            self.drain()  # a full pipe would hold it up
            time.sleep(0.005)
        return self.returncode

    def _command(self, command: Command, *descriptors: int) -> None:
        self.connection.send(command, *descriptors)

    def _answer(self, kind: type[M]) -> M | None:
        deadline = time.monotonic() + _ANSWER_LIMIT
        while not self.connection.closed and time.monotonic() < deadline:
            for message in self.connection.receive():
                if isinstance(message, kind):
                    return message
            time.sleep(0.0005)
        return None


@dataclass
class Child:
    """A process that runs batches: a fork of ``parent``, or ``parent`` itself."""

    slot: int
    pid: int
    connection: Connection[FromProbe]
    stacks: Path
    parent: PytestProcess
    is_fork: bool = True
    #: the folder of its copy-on-write overlay; of a fork
    overlay: Path | None = None
    heard: float = field(default_factory=time.monotonic)
    said_bye: bool = False
    #: whether it has been given a batch
    has_worked: bool = False
    #: the tests that have ended in it, in order
    history: list[int] = field(default_factory=list)
    #: when it is killed, after :meth:`terminate`
    patience_ends: float = math.inf
    #: the tests that have ended in it, with the newest process id of that moment
    ran: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._image = image_of(self.pid)

    @property
    def is_unguarded(self) -> bool:
        """Whether a test has killed the guard above it: whatever is below it is found only as long as it lives."""
        return not self.is_fork and not self.parent.alive

    @property
    def has_ended(self) -> bool:
        """Whether it is dead; its status may still wait to be taken."""
        return is_dead(self.pid)

    def terminate(self, grace_s: float) -> None:
        """Ask it to end, and say how long it may take."""
        signalling.terminate(self.pid)
        self.patience_ends = time.monotonic() + grace_s

    def pause(self) -> None:
        """Let it do nothing more, until it is killed."""
        signalling.suspend(self.pid)

    def left_behind(self) -> dict[int, tuple[str, ...]]:
        """The names of the processes that are left of each test, by its index; for a child that has said goodbye, so
        that no fixture needs them any more.
        """
        return who_left(self.pid, self.ran, leftovers(self.parent.root, self.pid, self.slot))

    @property
    def _is_marked(self) -> bool:
        return oom_mark(self.pid) not in (None, oom_mark(os.getpid()))

    @property
    def replaced_by(self) -> str | None:
        """The program that it has become by ``exec``, while that still runs."""
        if image_of(self.pid) in (self._image, b""):
            return None
        try:
            return psutil.Process(self.pid).name()
        except psutil.Error:
            return None

    def kill(self) -> int | None:
        """End a forked child with all its descendants; how it has ended, as ``subprocess`` gives it."""
        is_cut_off = self.connection.closed and not _dies_within(self.pid, _DEATH_LIMIT)
        if not self.said_bye or not self._is_marked:  # one that has said so is alone, except for what is found below
            kill_tree(self.pid)
        end_leftovers(self.parent.root, self.pid, self.slot)
        signalling.kill(self.pid)
        returncode = self.parent.reap(self.pid)
        self.forget()
        return CUT_OFF if is_cut_off else returncode

    def forget(self) -> None:
        """It is dead: close and remove what belongs to it."""
        self.connection.close()
        if self.overlay is not None:
            remove_tree(self.overlay)


def _view(overlay: Path | None) -> dict[str, str]:
    return {} if overlay is None else {"view": str(overlay)}


def _dies_within(pid: int, seconds: float) -> bool:
    """Whether a process ends by itself within that time."""
    deadline = time.monotonic() + seconds
    while not is_dead(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.002)
    return True


def is_dead(pid: int) -> bool:
    """A dead process stays a zombie until its parent has taken its status."""
    try:
        return psutil.Process(pid).status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    except psutil.NoSuchProcess:
        return True
