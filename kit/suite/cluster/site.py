"""The process that runs a part of a suite on another machine: ``python -m kit.suite.cluster.site FOLDER``.

It collects the suite there and runs what kit hands it, with the same processes, limits and records as a run at home.
Its standard input is a socket from kit, its standard output goes there; each side says one JSON object a line:

    {"kind": "suite", "nodeids": [...], "names": [...]}   what kit has collected: tests are indexes into it
    {"kind": "batch", "batch": [index, ...]}              to be run when there is a hand free
    {"kind": "end"}                                       there will be no more

The site answers ``ready`` when it has collected, then the events of its part of the run, at last ``over`` with the
``problem`` that has kept it from running or ended it early, if one did. When kit's side is closed, it ends at once.
"""

from __future__ import annotations

import os
import select
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
from kit.suite.cluster.parcel import unpack
from kit.suite.cluster.site_actor import PARCEL, SPEC, python_for
from kit.suite.cluster.site_commands import DECODER, Batch, Command, NoMore, Suite
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

#: how long is waited for kit at a time, in seconds
_TICK = 0.5

#: what kit is told of the run; it has collected for itself
_TOLD = frozenset(
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
    """A ledger that gets its batches while they are run, and is done when it is told that there are no more."""

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


class Site:
    """Hears what kit says, and runs it."""

    def __init__(self, commands: Commands, say: Say, events: Path) -> None:
        self._commands, self._say, self._events = commands, say, events
        self._ledger = FedLedger()
        self._nodeids: tuple[str, ...] = ()
        self._names: tuple[str, ...] = ()

    def work(self, suite: Prepared) -> str | None:
        """Run what kit hands out until there is no more; the problem that ended it early, if one did."""
        suite.supervisor.listen(self._commands, self._hear)
        self._say({"kind": "ready"})
        while not self._ledger.has_begun:
            suite.supervisor.wait(_TICK)
        collected = replace(suite.collected, nodeids=self._nodeids, names=self._names, ledger=self._ledger)
        recorder = Recorder(self._events, self._tell, resume=False)
        for name in self._names:
            recorder.say("collected", nodeid=name, path=name.partition("::")[0])
        try:
            return replace(suite, collected=collected).running(recorder).run()
        finally:
            recorder.close()

    def _tell(self, event: Mapping[str, Any]) -> None:
        if event["kind"] in _TOLD:
            self._say(event)

    def _hear(self) -> None:
        for command in self._commands.receive():
            match command:
                case Suite(nodeids=nodeids, names=names):
                    self._nodeids, self._names = nodeids, names
                case Batch(batch=batch):
                    self._ledger.feed(batch)
                case NoMore():
                    self._ledger.close()


def run(spec: SiteSpec, parcel: bytes, commands: Commands, say: Say) -> str | None:
    """Do what is ordered; the problem that there was, if there was one."""
    with copy_of_parcel(Path(spec.target.root).name or "root", partial(unpack, parcel)) as copy:
        source = Path(copy.folders[0])
        _set_environment(spec, source)
        interpreter = spec.target.interpreter
        here = interpreter and replace(interpreter, executable=python_for(interpreter.executable))
        target = replace(spec.target, root=str(source), interpreter=here)
        workspace = Workspace(copy.root, request={"first": spec.first, "workers": spec.workers, "run": spec.run})
        area = copy.root.parent
        unsaid = Recorder(area / "collecting.jsonl", None, resume=False)  # kit has collected for itself
        try:
            site = Site(commands, say, area / "events.jsonl")
            return prepared(RunSpec(target, spec.options, spec.nodeids), unsaid, workspace, site.work)
        finally:
            unsaid.close()


def _set_environment(spec: SiteSpec, source: Path) -> None:
    """Make this process's environment what the target's processes are to inherit."""
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
    """Run the spec in ``folder``, which is gone afterwards."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # it is ignored below a shell that has gone
    Thread(target=_interrupt_when_left, args=(0,), daemon=True).start()
    commands, say = Commands(0), partial(_say_to, os.dup(1))
    os.dup2(2, 1)  # whatever is printed by accident is none of what is said
    try:
        spec, parcel = decoded((folder / SPEC).read_bytes()), (folder / PARCEL).read_bytes()
        (folder / PARCEL).unlink()
        try:
            problem = run(spec, parcel, commands, say)
        except (KitError, OSError) as error:
            problem = str(error)
        say({"kind": "over", "problem": problem})
    except (KeyboardInterrupt, BrokenPipeError):
        shutil.rmtree(folder, ignore_errors=True)  # whoever would have done it may be gone too


def _interrupt_when_left(descriptor: int) -> None:
    """Interrupt the main thread, wherever it is, when the other side of the socket is closed."""
    hangup = select.poll()
    hangup.register(descriptor, select.POLLRDHUP)
    hangup.poll()
    interrupt_main()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
