"""The suite probe's plugin from pytest's start until the suite is collected."""

from __future__ import annotations

import copy
import faulthandler
import os
import sys
import time

from ...wire.layout import COLLECT
from ...wire.short_ids import short_id, short_ids_in
from ..own_files import is_own
from ..system.fork_safety import has_file_open_for_writing, unsafe_to_fork
from ..system.stack_signal import write_stacks_to
from ..system.threads import native_threads
from .capture import describe, unraised
from .channel import BINARY, BoardSlot, as_sent
from .own_limits import marked_limits, usual_limit
from .recorded_warnings import Warnings
from .session_end import deciding_hooks
from .standby import Standby, stand_by
from .worker_names import introduce, who_asks

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, Generator, List, Optional, Set, Tuple

    from ...wire.collecting import ItemRecord, Link, Scope
    from .channel import Channel, Control


COLLECTING_EVERY = 0.3
ITEMS_A_LINE = 500


class CollectingPlugin:
    """The part of the plugin that is there from pytest's start until the suite is collected."""

    def __init__(self, pytest: Any, request: Dict[str, Any], control: Control) -> None:
        self._pytest, self._request, self._control = pytest, request, control
        self._channel: Channel = control
        self._board = BoardSlot(request["board"])
        self._board.use(request["slot"])
        self._board.begin(-1, COLLECT)
        self._stacks = self._dump_stacks_to(request["stacks"])
        self._clock, self._last_told = time.monotonic, 0.0
        self._files, self._tests = 0, 0
        self._broken: Set[str] = set()
        self._config: Any = None
        self._items: List[Any] = []
        self._warnings = Warnings()
        self._asks_for_names = False
        self._own_timeout: Any = None
        self._standby: Optional[Standby] = None

    def _introduce(self, config: Any) -> None:
        number = self._request.get("first", 0) + self._board.slot  # a site's workers are not the first of the run
        introduce(config, number, self._request["workers"], self._request["run"], self._request.get("prepared"))

    def _dump_stacks_to(self, path: str) -> int:
        """Let crashes, and kit's signal, write the stack of all threads to ``path``."""
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND | BINARY, 0o600)
        faulthandler.enable(file=descriptor)
        write_stacks_to(descriptor)
        return descriptor

    def pytest_load_initial_conftests(
        self, early_config: Any, parser: Any, args: List[str]
    ) -> Generator[None, Any, None]:
        self._request["bytecode"].cover(sys.meta_path)
        if self._request.get("named"):
            self._introduce(early_config)
        ini = getattr(early_config, "inipath", None) or getattr(early_config, "inifile", None)
        self._channel.send({"kind": "config", "ini": str(ini) if ini else None, "rootdir": root_of(early_config)})
        outcome = yield
        if outcome.excinfo is None:
            self._doubt_options(early_config, parser)
            self._drop_unknown_options(early_config, parser, args)
        else:
            _, error, traceback = outcome.excinfo
            path = str(getattr(error, "path", ""))
            self._channel.send({"kind": "ended", "chain": describe(error, traceback), "path": path})

    def _doubt_options(self, config: Any, parser: Any) -> None:
        """Say when the options as the target has them, of which kit leaves some out, would be a usage error."""
        asked = self._request.get("asked")
        if not asked:
            return
        try:
            known, unknown = parser.parse_known_and_unknown_args(list(asked), copy.copy(config.option))
            self._own_timeout = getattr(known, "timeout", None)
            why = " ".join(option for option in unknown if option.startswith("-"))
        except BaseException as error:
            why = str(error) or type(error).__name__
        if why:
            self._channel.send({"kind": "doubtful_options", "why": why})

    def _drop_unknown_options(self, config: Any, parser: Any, arguments: List[str]) -> None:
        """Options of plugins that are not installed would be a usage error; conftest files have added theirs by now."""
        try:
            _, unknown = parser.parse_known_and_unknown_args(list(arguments), copy.copy(config.option))
        except BaseException:
            return  # pytest is about to say what is wrong with them
        for option in unknown:
            if option.startswith("-") and option in arguments:
                at = arguments.index(option)
                end = at + 2 if is_value(arguments[at + 1 : at + 2]) else at + 1
                self._channel.send({"kind": "unknown_option", "option": " ".join(arguments[at:end])})
                del arguments[at:end]

    def pytest_configure(self, config: Any) -> None:
        self._config = config
        faulthandler.enable(file=self._stacks)  # pytest's own plugin has just sent it to stderr
        self._never_stop()

    def pytest_sessionstart(self) -> None:
        self._never_stop()

    def pytest_collection(self) -> Optional[bool]:
        if self._request.get("standby") and not unsafe_to_fork(self._own_files()):
            self._stand_by()
        return self._request.get("controls") or None  # whatever is not None takes the place of collecting

    def _stand_by(self) -> None:
        """Fork a process that can collect single files later. In what that one forks, go on and collect such a file."""
        chance = self._request["chance"]
        chance.note()
        self._standby, file, connection = stand_by(self._control)
        if connection is not None:
            chance.restore()
            self._control = self._channel = connection
            self._config.args = [os.path.join(self._request["root"], file)]
            self._request = {**self._request, "select": None, "quietly": True}

    def _own_files(self) -> Set[Tuple[int, int]]:
        """The files that kit has open here, as (device, inode)."""
        ours = [*self._control.files(), os.fstat(self._stacks), os.stat(self._request["board"])]
        if self._standby is not None:
            ours.append(self._standby.file())
        return {(status.st_dev, status.st_ino) for status in ours}

    def _never_stop(self) -> None:
        if getattr(self._config.option, "maxfail", 0):
            self._channel.send({"kind": "setting", "name": "maxfail", "value": str(self._config.option.maxfail)})
            self._config.option.maxfail = 0

    def pytest_collectstart(self, collector: Any) -> None:
        if isinstance(collector, self._pytest.File):
            self._files += 1
            self._board.say(path_of(collector))
        self._tell()

    def pytest_itemcollected(self) -> None:
        self._tests += 1
        self._tell()

    def _tell(self, at_once: bool = False) -> None:
        if at_once or self._clock() - self._last_told > COLLECTING_EVERY:
            self._last_told = self._clock()
            self._channel.send({"kind": "collecting", "files": self._files, "tests": self._tests})

    def pytest_exception_interact(self, node: Any, call: Any, report: Any) -> None:
        if call.when == "collect":
            self._broken.add(report.nodeid)
            error = call.excinfo.value
            path = getattr(error, "path", None) if type(error).__name__ == "ConftestImportFailure" else None
            self._send_collection_error(str(path or path_of(node)), describe(error, call.excinfo.tb))

    def pytest_collectreport(self, report: Any) -> None:
        self._board.say("")
        if report.failed and report.nodeid not in self._broken:
            self._send_collection_error(report.nodeid, unraised(report.longreprtext))

    def _send_collection_error(self, path: str, chain: List[Link]) -> None:
        self._channel.send({"kind": "collection_error", "path": path, "chain": chain})

    def pytest_collection_modifyitems(self, config: Any, items: List[Any]) -> None:
        chosen = self._request["select"]
        if chosen is None:
            return
        exact, inside = set(chosen), tuple(one + end for one in chosen for end in ("::", "[", "/"))
        short, known = short_ids_in(chosen), frozenset(self._request.get("known") or ())
        kept = [
            item
            for item in items
            if as_sent(item.nodeid) in exact
            or as_sent(item.nodeid).startswith(inside)
            or (short and short_id(item.nodeid).startswith(short))
            or (known and as_sent(item.nodeid) not in known)
        ]
        ids = set(map(id, kept))
        config.hook.pytest_deselected(items=[item for item in items if id(item) not in ids])
        items[:] = kept

    def pytest_warning_recorded(self, warning_message: Any, nodeid: str) -> None:
        self._warnings.take(self._channel.send, warning_message, nodeid)

    def pytest_internalerror(self, excinfo: Any) -> None:
        self._channel.send({"kind": "internal_error", "chain": describe(excinfo.value, excinfo.tb)})

    def pytest_keyboard_interrupt(self, excinfo: Any) -> None:
        self._channel.send({"kind": "ended", "chain": describe(excinfo.value, excinfo.tb), "path": ""})

    def _send_collected(self, items: List[Any]) -> None:
        self._tell(at_once=True)
        self._warnings.tell_counts(self._channel.send)
        for start in range(0, 0 if self._request.get("quietly") else len(items), ITEMS_A_LINE):
            some = [item_record(item) for item in items[start : start + ITEMS_A_LINE]]
            self._channel.send({"kind": "items", "items": some})
        unsafe = self._control.no_fork or unsafe_to_fork(self._own_files())
        modules = modules_below(self._request["root"])
        asks = {"names": "", "early": "", "prepares": "", "prepares_named": ""}
        if self._request["workers"] > 1:
            asks = who_asks(self._config, items, modules.values())
        self._asks_for_names = bool(asks["names"]) and not asks["prepares"]
        self._channel.send(
            {
                "kind": "collected",
                "modules": modules,
                "unsafe": unsafe,
                "writes_tree": has_file_open_for_writing(self._request["root"]),
                "native_threads": native_threads(),
                "asks_for_names": asks["names"],
                "asks_early": asks["early"],
                "prepares": asks["prepares"],
                "prepares_named": asks["prepares_named"],
                "own_limit": usual_limit(self._config, self._own_timeout),
                "own_limits": marked_limits(items),
                "end_hooks": deciding_hooks(self._config, self._request["root"]),
            }
        )


def is_value(words: List[str]) -> bool:
    """Whether the word after an unknown option belongs to it: it is neither an option nor a path to test."""
    return bool(words) and not words[0].startswith("-") and not os.path.exists(words[0].split("::")[0])


def root_of(config: Any) -> str:
    return str(getattr(config, "rootpath", None) or config.rootdir)


def path_of(node: Any) -> str:
    return str(getattr(node, "path", None) or getattr(node, "fspath", ""))


def item_record(item: Any) -> ItemRecord:
    """The test as kit knows it."""
    path, line, _ = item.location
    stands_here = line is not None and item.nodeid.startswith(path.replace(os.sep, "/"))
    return (
        item.nodeid,
        path_of(item),
        line + 1 if stands_here else None,
        list(getattr(item, "fixturenames", ())),
        list(dict.fromkeys(mark.name for mark in item.iter_markers())),
        item.parent.nodeid,
        getattr(item, "originalname", None) or item.name,
        shared_scope(item),
    )


def shared_scope(item: Any) -> Scope:
    """``"module"`` or ``"class"`` when the test uses a fixture of that scope, ``""`` when it stands alone. pytest gives
    each of unittest's classes one, so that they stay whole: their tests often go on from one another.
    """
    information = getattr(item, "_fixtureinfo", None)
    if information is None:
        return "module"
    scopes = {str(definition.scope) for one in information.name2fixturedefs.values() for definition in one}
    return "module" if "module" in scopes else "class" if "class" in scopes else ""


def modules_below(root: str) -> Dict[str, str]:
    """The modules that are imported now and whose files lie below ``root``."""
    found: Dict[str, str] = {}
    modules: Dict[str, Any] = dict(sys.modules)
    for name, module in modules.items():
        try:
            path = os.path.abspath(module.__file__)
        except Exception:
            path = ""  # built in, a namespace, or an object that only plays a module
        if is_own(path, root):
            found[name] = path
    return found
