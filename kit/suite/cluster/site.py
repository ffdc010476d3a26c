"""The process that runs a part of a suite on another machine: ``python -m kit.suite.cluster.site FOLDER``.

It collects the suite there and runs the batches that kit sends, with the same processes, limits and records as a local
run. Its standard input is a socket from kit, its standard output goes to kit. Each side sends one JSON object a line:

    {"kind": "suite", "nodeids": [...], "names": [...]}   what kit has collected: tests are indexes into it
    {"kind": "batch", "batch": [index, ...]}              to be run as soon as a worker is free
    {"kind": "end"}                                       there will be no more batches

The site sends ``ready`` when it has collected the suite, then the events of its part of the run, and at last ``over``
with the ``problem`` that has prevented or ended the run, if there was one. When kit closes its side, the site ends at
once.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
from _thread import interrupt_main
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec

from kit.facts.errors import KitError
from kit.facts.nodeids import file_of
from kit.platform.waiting import wait_for_hangup
from kit.suite.cluster.parcel import unpack
from kit.suite.cluster.site_actor import PARCEL, SPEC, python_for
from kit.suite.cluster.site_commands import DECODER, Command, NoMore, SiteBatch, Suite
from kit.suite.cluster.site_spec import SiteSpec, decoded
from kit.suite.plan.ledger import Ledger
from kit.suite.plan.run_spec import RunSpec
from kit.suite.process.messages import Misfits
from kit.suite.process.wire import Connection
from kit.suite.process.workspace import Workspace
from kit.suite.record.recorder import Recorder
from kit.suite.run.preparing import Prepared, prepared
from kit.target import copy_of_parcel

Say = Callable[[Mapping[str, Any]], None]

#: how long the site waits for kit at a time, in seconds
_TICK = 0.5

#: the events that go to kit; those of collection do not, since kit has collected the suite itself
_FORWARDED = frozenset(
    {
        "child",
        "failure",
        "finished",
        "leaked",
        "rechecked",
        "rechecking",
        "rerun",
        "running",
        "shares",
        "slow",
        "warning",
    }
)


class FedLedger(Ledger):
    """A ledger that gets its batches during the run, and is done only when no more will come."""

    def __init__(self) -> None:
        super().__init__(())
        self.has_begun = self._has_all = False

    @property
    def is_done(self) -> bool:
        """Whether every test is finished, and no more will come."""
        return self._has_all and super().is_done

    def feed(self, batch: tuple[int, ...]) -> None:
        """Take one more batch."""
        self._waiting.append(batch)
        self._open += len(batch)
        self.has_begun = True

    def close(self) -> None:
        """There will be no more."""
        self.has_begun = self._has_all = True


class Commands(Connection[Command]):
    """kit's end of the line, as this process has it on a descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._socket = self._theirs = socket.socket(fileno=descriptor)
        self._socket.setblocking(False)
        self._rest, self.closed = b"", False
        self._decoder, self._misfits = DECODER, Misfits()


class SiteRun:
    """Runs the batches that kit sends."""

    def __init__(self, commands: Commands, say: Say, events: Path) -> None:
        self._commands, self._say, self._events = commands, say, events
        self._ledger = FedLedger()
        self._nodeids: tuple[str, ...] = ()
        self._names: tuple[str, ...] = ()

    def work(self, suite: Prepared) -> str | None:
        """Run batches until there are no more; return the problem that ended the run early, if there was one."""
        suite.supervisor.listen(self._commands, self._receive)
        self._say({"kind": "ready"})
        while not self._ledger.has_begun:
            suite.supervisor.wait(_TICK)
        collected = replace(suite.collected, nodeids=self._nodeids, names=self._names, ledger=self._ledger)
        recorder = Recorder(self._events, self._forward, resume=False)
        for name in self._names:
            recorder.say("collected", nodeid=name, path=file_of(name))
        try:
            return replace(suite, collected=collected).running(recorder).run()
        finally:
            recorder.close()

    def _forward(self, event: Mapping[str, Any]) -> None:
        if event["kind"] in _FORWARDED:
            self._say(event)

    def _receive(self) -> None:
        for command in self._commands.receive():
            match command:
                case Suite(nodeids=nodeids, names=names):
                    self._nodeids, self._names = nodeids, names
                case SiteBatch(batch=batch):
                    self._ledger.feed(batch)
                case NoMore():
                    self._ledger.close()


def run(spec: SiteSpec, parcel: bytes, commands: Commands, say: Say) -> str | None:
    """Run the part of a run that ``spec`` describes; return the problem, if there was one."""
    with copy_of_parcel(Path(spec.target.root).name or "root", partial(unpack, parcel)) as copy:
        source = Path(copy.folders[0])
        _set_environment(spec, source)
        interpreter = spec.target.interpreter
        here = interpreter and replace(interpreter, executable=python_for(interpreter.executable))
        target = replace(spec.target, root=str(source), interpreter=here)
        workspace = Workspace(copy.root, request={"first": spec.first, "workers": spec.workers, "run": spec.run})
        area = copy.root.parent
        unsent = Recorder(area / "collecting.jsonl", None, resume=False)  # kit has collected the suite itself
        try:
            site = SiteRun(commands, say, area / "events.jsonl")
            return prepared(RunSpec(target, spec.options, spec.nodeids), unsent, workspace, site.work)
        finally:
            unsent.close()


def _set_environment(spec: SiteSpec, source: Path) -> None:
    """Set the environment that the target's processes inherit from this process."""
    os.environ.update(spec.environment)
    paths = [str(source / path) for path in spec.import_paths]
    paths += [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    if paths:
        os.environ["PYTHONPATH"] = os.pathsep.join(paths)


def _say_to(descriptor: int, event: Mapping[str, Any]) -> None:
    data = msgspec.json.encode(event) + b"\n"
    while data:
        data = data[os.write(descriptor, data) :]


def main(folder: Path) -> None:
    """Run the spec in ``folder``; the folder is removed afterwards."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the default, which a shell may have changed
    Thread(target=_interrupt_when_left, args=(0,), daemon=True).start()
    commands, say = Commands(0), partial(_say_to, os.dup(1))
    os.dup2(2, 1)  # other output must not get between the messages
    try:
        spec, parcel = decoded((folder / SPEC).read_bytes()), (folder / PARCEL).read_bytes()
        (folder / PARCEL).unlink()
        try:
            problem = run(spec, parcel, commands, say)
        except (KitError, OSError) as error:
            problem = str(error)
        say({"kind": "over", "problem": problem})
    except (KeyboardInterrupt, BrokenPipeError):
        shutil.rmtree(folder, ignore_errors=True)  # the Dask worker, which removes it otherwise, may be gone too


def _interrupt_when_left(descriptor: int) -> None:
    """Interrupt the main thread, wherever it is, when the other side of the socket is closed."""
    wait_for_hangup(descriptor)
    interrupt_main()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
