"""Runs the target's own pytest: collects once, then runs the tests in forked children. ``suite.main END``.

``END`` is the descriptor of a stream socket to kit, or names where to connect (``loopback.py``). Each side writes one
JSON object a line; kit's first line is the request:

    {"arguments": [...], "select": [node ids] or null, "root": "/abs", "board": PATH, "slot": N, "stacks": PATH}

and, where it applies, ``"named": true`` (a worker that knows from the start which one it is), ``"controls": true`` (it
collects nothing and only prepares workers, as xdist's controller does), ``"quietly": true`` (its tests are known),
``"asked": [...]`` (the target's own options, all of them: it says whether pytest's parser takes them),
``"imports": PATH`` (what was imported is written there), ``"view": PATH`` (the folder of a view of its own from the
beginning), ``"plain": {...}`` (what a plain run does with bytecode), ``"records": true`` (``executed`` is sent before
``collected``, and before ``finished`` of each test), ``"standby": true`` (``collect`` will be
asked), ``"watches": true`` (``state`` tells what tests leave changed). ``preloading.py`` tells of requests of another
kind.
Until the suite is collected this side sends ``hello``, ``config``, ``unknown_option``, ``doubtful_options``,
``collecting``, ``collection_error``, ``setting``, then ``items`` (lists of 500) and ``collected``, or ``controls``; or
what went wrong: ``no_pytest``, ``ended`` (an exception left pytest), ``internal_error``. Then it obeys, one command at
a time:

    {"do": "fork", "slot": N, "stacks": PATH} + a descriptor   -> {"kind": "forked", "pid": N}: a child that works there
                                                               ("view": a folder for its changes, see system/overlay.py;
                                                               "watches": whether it watches state)
    {"do": "collect", "file": PATH} + a descriptor             -> {"kind": "forked", "pid": N}: a process that collects
                                                               this file alone, and speaks there as this one did; 0 if
                                                               no process stands by (standby.py)
    {"do": "reap", "pid": N}                                   -> {"kind": "reaped", "status": as waitpid gives it}
    {"do": "prepare", "slot": N}                               -> {"kind": "prepared", "input": {...}}: what the suite
                                                               gives to a worker (or null, and why in "chain")
    {"do": "dismiss", "slot": N}                               -> {"kind": "dismissed"}: that worker has ended
    {"do": "work", "slot": N}                                  this process itself pulls batches
    {"do": "end"}                                              pytest ends as it always does

A worker sends ``pull`` and gets ``{"batch": [[index, node id], ...]}``, empty when there is no more; it sends a
``failure`` once for each distinct one, ``finished`` for each test, ``measured`` when the lines that they ran are on the
disk, and ``bye``; first of all perhaps ``no_view`` and why. It asks for the next batch before the
last test of a batch runs, since pytest must know the next test to tell which fixtures to tear down. ``broken`` says
that a child could not even begin.

What runs at the moment stands on the board, a file in shared memory with one slot for each worker.

Stdlib only, Python 3.8 to 3.14, pytest 6 to 9.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import sys

from ...wire.layout import IDLE
from ..system import forks
from ..system.frozen import freeze, show_frozen_objects
from ..system.overlay import changes_in, try_view
from . import lines
from .bytecode import OwnBytecode, as_in_a_plain_run
from .capture import describe
from .chance import Chance
from .channel import Channel, Control, leave, on_disk
from .posing import leave_no_trace, pose_as_pytest
from .preloading import serve, treat_bytecode_as_usual, write_imports
from .recording import recording
from .terminal import silence
from .worker_names import Preparing, name_environment, who_prepares
from .working import Working

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, List, Optional


HOOKS: Dict[str, Any] = {
    "pytest_load_initial_conftests": {"hookwrapper": True},
    "pytest_configure": {"trylast": True},
    "pytest_sessionstart": {"trylast": True},
    "pytest_collection": {"tryfirst": True},
    "pytest_collection_modifyitems": {"trylast": True},
    "pytest_runtestloop": {"tryfirst": True},
    "pytest_fixture_setup": {"hookwrapper": True},
    "pytest_runtest_setup": {"tryfirst": True},
    "pytest_runtest_call": {"tryfirst": True},
    "pytest_runtest_teardown": {"tryfirst": True},
    "pytest_runtest_makereport": {"hookwrapper": True},
    "pytest_runtest_logreport": {"tryfirst": True},
    "pytest_warning_recorded": {"tryfirst": True},
    "pytest_timeout_set_timer": {"optionalhook": True, "tryfirst": True},
}


class Plugin(Working):
    """The whole: after collection it does what kit says."""

    #: hooks besides :data:`HOOKS`
    MORE_HOOKS: Dict[str, Any] = {}  # noqa: RUF012

    def __init__(self, pytest: Any, request: Dict[str, Any], control: Control) -> None:
        Working.__init__(self, pytest, request, control)
        self._environment = dict(os.environ)
        self._chance: Chance = request["chance"]

    def pytest_runtestloop(self, session: Any) -> bool:
        self._never_stop()
        self._items = session.items
        treat_bytecode_as_usual()
        self._request["bytecode"].end()
        self._end_of_collection()
        if "imports" in self._request:
            write_imports(self._request["imports"], self._request["root"], self._environment)
        as_in_a_plain_run(self._request.get("plain"))
        if self._request.get("controls"):
            hooks = who_prepares(session.config)
            self._channel.send(
                {"kind": "controls", "prepares": hooks["prepares"], "prepares_named": hooks["prepares_named"]}
            )
        else:
            self._send_collected(self._items)
            self._state.begin()
            self._state.follow_pytest(session)
        self._board.begin(-1, IDLE)
        self._preparing = Preparing(session.config)
        while self._obey(*self._control.receive_command()):
            pass
        silence(self._config)  # what pytest could sum up here is not what the workers have run
        return True

    def _end_of_collection(self) -> None:
        """The suite is collected."""

    def _begin_as_child(self) -> None:
        """This process was forked to run tests."""

    def _obey(self, command: Any, descriptors: List[int]) -> bool:
        """Do what kit says; whether there is more to come."""
        do = command["do"] if command else "end"
        if do == "fork":
            self._fork(command, descriptors[0])
        elif do == "collect":
            self._collect(command["file"], descriptors[0])
        elif do == "reap":
            self._channel.send({"kind": "reaped", "status": os.waitpid(command["pid"], 0)[1]})
        elif do == "prepare":
            self._prepare(command["slot"])
        elif do == "dismiss":
            with contextlib.suppress(Exception):
                self._preparing.dismiss(command["slot"])
            self._channel.send({"kind": "dismissed"})
        elif do == "work":
            self._end_standby()
            self._begin(command["slot"], self._request["no_view"], self._request.get("view"))
        return do in ("fork", "collect", "reap", "prepare", "dismiss")

    def _begin(self, slot: int, no_view: str, view: Optional[str]) -> None:
        """Work; ``view`` is the folder of a view of the files of its own, ``no_view`` says why it had to do without."""
        self._changes = changes_in(view) if view and not no_view else ""
        if no_view:
            self._channel.send({"kind": "no_view", "why": no_view})
        self._board.use(slot)
        self._work()

    def _prepare(self, slot: int) -> None:
        try:
            prepared = self._preparing.prepare(slot, self._request["workers"], self._request["run"])
            self._channel.send({"kind": "prepared", "input": prepared, "chain": []})
        except Exception as error:
            self._channel.send({"kind": "prepared", "input": None, "chain": describe(error)})

    def _collect(self, file: str, descriptor: int) -> None:
        pid = self._standby.collect(file, descriptor) if self._standby else 0
        os.close(descriptor)
        self._channel.send({"kind": "forked", "pid": pid})

    def _end_standby(self) -> None:
        if self._standby is not None:
            self._standby.end()
            self._standby = None

    def _fork(self, command: Any, descriptor: int) -> None:
        self._chance.note()
        self._state.before_fork(watches=command["watches"])
        freeze()
        pid = forks.fork_flushed()
        if pid:
            os.close(descriptor)
            self._channel.send({"kind": "forked", "pid": pid})
            return
        try:
            self._chance.restore()
            forks.lead_group()
            os.close(self._control.descriptor)
            if self._standby is not None:
                self._standby.forget()
            self._channel = Channel(descriptor)
            self._begin_as_child()
            why = try_view(self._request["root"], command["view"]) if command["view"] else ""
            self._stacks = self._dump_stacks_to(command["stacks"])
            self._begin(command["slot"], why, command["view"])
        except BaseException as error:
            self._channel.send({"kind": "broken", "chain": describe(error)})
        finally:
            leave(0)  # whatever happened: what follows on the stack belongs to the parent


def plugin_of(request: Dict[str, Any]) -> Any:
    """The class of the plugin; where kit wants to know what each test runs, one that finds out, if it can."""
    if request.get("records"):
        return recording(Plugin, request["root"])
    return Plugin


def run(control: Control, request: Dict[str, Any]) -> int:
    """Run pytest as kit asks; the exit code."""
    show_frozen_objects()
    request["measuring"] = lines.start(request.get("coverage"), control)
    request["chance"] = Chance()
    request["bytecode"] = OwnBytecode(request["root"])
    request["bytecode"].begin()
    plugin = plugin_of(request)
    request["no_view"] = try_view(request["root"], request["view"]) if "view" in request else ""
    if request.get("named"):
        name_environment(request.get("first", 0) + request["slot"], request["workers"], request["run"])
    try:
        import pytest
    except BaseException as error:
        control.send({"kind": "no_pytest", "chain": describe(error)})
        return 4
    control.send({"kind": "hello", "pid": os.getpid(), "pytest": pytest.__version__})
    for name, options in {**HOOKS, **plugin.MORE_HOOKS}.items():
        pytest.hookimpl(**options)(getattr(plugin, name))
    pose_as_pytest()
    try:
        return int(pytest.main(on_disk(request["arguments"]), plugins=[plugin(pytest, request, control)]))
    except BaseException as error:
        control.send({"kind": "ended", "chain": describe(error), "path": ""})
        return 4
    finally:
        if request["measuring"] is not None:
            request["measuring"].end(is_last=True)


class Ending:
    """The last that happens. To take all modules apart, as Python does then, can take seconds that nobody needs."""

    def __init__(self) -> None:
        self._exit = os._exit
        self.code: Optional[int] = None
        atexit.register(self._at_last)  # the first to be registered: it is called after all others

    def _at_last(self) -> None:
        if self.code is not None:
            for stream in (sys.stdout, sys.stderr):
                with contextlib.suppress(Exception):
                    stream.flush()
            self._exit(self.code)


def control_of(end: str) -> Control:
    """The channel that the argument of this program names."""
    way, _, path = end.partition(":")
    if way != "connect":
        return Control(int(end))
    from .loopback import LoopbackControl  # only where no descriptors are inherited

    return LoopbackControl(path)


def main(end: str) -> None:
    ending = Ending()
    kit = control_of(end)
    leave_no_trace()
    request = kit.receive()
    if request and "preload" in request:
        kit = Control(serve(kit, request))
        request = kit.receive()
    code = run(kit, request) if request else 0  # kit is gone
    kit.let_go()
    ending.code = code
    sys.exit(code)
