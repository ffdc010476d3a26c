"""A process that holds the third-party imports of a suite and forks processes that collect it.

kit's request is ``{"preload": [names], "rewritten": [names], "environment": {name: value or null}, "root": "/abs",
"careful": bool, "bytecode": folder}``, for the most part what :func:`write_imports` wrote in an earlier run. The answer
is

    {"kind": "preloaded", "pid": N, "unfit": why or "", "files": [paths]}

``unfit`` says why children of this process would not be like fresh ones (a thread, a socket, a module of the target):
it must not be used. A careful process tries each package in a child first, and leaves out those that make it unfit.
``files`` are those of the modules, and the folders that modules are looked for in. Then it obeys:

    {"do": "host"} + connection and output   -> {"kind": "forked", "pid": N}: as a fresh process of the probe
    {"do": "effects"} + the same             -> the same, of the probe of effects
    {"do": "variables"} + the same           -> the same, of the probe of variables
    {"do": "reap", "pid": N}                 -> {"kind": "reaped", "status": as waitpid gives it}
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import sys
import warnings

from ..effects import main as effects
from ..own_files import is_own
from ..system.fork_safety import unsafe_to_fork
from ..system.forks import fork_flushed, lead_session
from ..system.frozen import freeze
from . import variables

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Dict, Iterator, List, Optional, Set

    from .channel import Control


REWRITER = "AssertionRewritingHook"

#: what else a forked process can be; it ends there
PROBES: Dict[str, Callable[[str, str], None]] = {"effects": effects.main, "variables": variables.main}

USUAL: Dict[str, Any] = {}  # how Python is to treat bytecode


def write_imports(path: str, root: str, environment: Dict[str, str]) -> None:
    """Write what is imported now and does not belong to the target, in the order of the imports; unless the file is
    there: the first process of a run collects the whole suite, and later ones less.

    ``rewritten`` are the modules whose assertions pytest has rewritten, ``environment`` is what differs from the given
    one: libraries read it when they are imported.
    """
    found = [name for name, module in list(sys.modules.items()) if is_library(name, module, root)]
    rewritten = [name for name in found if type(attribute(sys.modules[name], "__loader__")).__name__ == REWRITER]
    changed: Dict[str, Optional[str]] = {
        name: value for name, value in os.environ.items() if environment.get(name) != value
    }
    changed.update((name, None) for name in environment if name not in os.environ)
    theirs = {name: value for name, value in changed.items() if not name.startswith("PYTEST_")}
    content = json.dumps({"names": found, "rewritten": rewritten, "environment": theirs})
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, content.encode("utf-8", "replace"))
        finally:
            os.close(descriptor)


def serve(control: Control, request: Dict[str, Any]) -> int:
    """Import, then fork a process whenever kit asks for one. Returns only in such a process, with its connection's
    descriptor.
    """
    root, known = request["root"], {*sys.modules, *request["preload"]}

    def why_unfit() -> str:
        return unfit(root, known, os.fstat(control.descriptor))

    with environment_of(request["environment"]), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the run that was watched has got over them
        preload(request, why_unfit)
    gc.collect()
    freeze()
    control.send({"kind": "preloaded", "pid": os.getpid(), "unfit": why_unfit(), "files": files_outside(root)})
    while True:
        command, descriptors = control.receive_command()
        if command is None:
            os._exit(0)  # kit is done with us
        if command["do"] == "reap":
            control.send({"kind": "reaped", "status": os.waitpid(command["pid"], 0)[1]})
            continue
        pid = fork_flushed()
        if pid == 0:
            become_fresh(control, descriptors[1])
            keep_bytecode(request["bytecode"])
            if command["do"] != "host":
                PROBES[command["do"]](str(descriptors[0]), str(os.dup(descriptors[0])))
            return descriptors[0]
        for descriptor in descriptors:
            os.close(descriptor)
        control.send({"kind": "forked", "pid": pid})


def preload(request: Dict[str, Any], why_unfit: Callable[[], str]) -> None:
    """Import the requested modules in their order; one that cannot be imported is left out."""
    packages: Dict[str, List[str]] = {}
    for name in request["preload"]:
        packages.setdefault(name.partition(".")[0] if request["careful"] else "", []).append(name)
    with rewriting(request["rewritten"]):
        for names in packages.values():
            if not request["careful"] or is_fit(names, why_unfit):
                import_all(names)


def import_all(names: List[str]) -> None:
    for name in names:
        with contextlib.suppress(BaseException):
            importlib.import_module(name)


def is_fit(names: List[str], why_unfit: Callable[[], str]) -> bool:
    """Whether this process stays fit when it imports them: a child tries."""
    pid = fork_flushed()
    if pid == 0:
        code = 1
        try:
            import_all(names)
            code = 1 if why_unfit() else 0
        finally:
            os._exit(code)
    return os.waitpid(pid, 0)[1] == 0


@contextlib.contextmanager
def rewriting(names: List[str]) -> Iterator[None]:
    """Let pytest rewrite the assertions of these modules, as it had when they were seen: it would complain later."""
    if not names:
        yield
        return
    from _pytest.assertion import install_importhook
    from _pytest.config import get_config

    config: Any = get_config()
    config.getini = {"python_files": []}.get  # it has read no file, which most versions cannot bear
    hook = install_importhook(config)
    sys.meta_path.remove(hook)
    hook.mark_rewrite(*[name for name in names if name not in sys.modules])
    chosen = Chosen(hook, names)
    sys.meta_path.insert(0, chosen)
    try:
        yield
    finally:
        sys.meta_path.remove(chosen)


class Chosen:
    """Finds some modules by way of another finder."""

    def __init__(self, finder: Any, names: List[str]) -> None:
        self._finder, self._names = finder, frozenset(names)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        return self._finder.find_spec(name, path, target) if name in self._names else None


@contextlib.contextmanager
def environment_of(changes: Dict[str, Optional[str]]) -> Iterator[None]:
    """The environment as it was when a run was watched, for the time of the imports."""
    before = dict(os.environ)
    for name, value in changes.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    try:
        yield
    finally:
        for name in set(os.environ) - set(before):
            del os.environ[name]
        os.environ.update(before)


def unfit(root: str, known: Set[str], connection: os.stat_result) -> str:
    """Why children of this process would not be like fresh ones, ``""`` when they would.

    ``known`` are the names that the watched run had imported. Another one had perhaps been replaced by the target.
    """
    modules = [(name, module) for name, module in list(sys.modules.items()) if name not in ("__main__", "__mp_main__")]
    own = [name for name, module in modules if lies_below(module, root)]
    if own:
        return "a library imports %s, which belongs to the target" % own[0]
    others = [name for name, module in modules if name not in known and places_of(module)]
    if others:
        return "a library imports %s, which the suite had not" % others[0]
    return unsafe_to_fork({(connection.st_dev, connection.st_ino)})


def files_outside(root: str) -> List[str]:
    """Files of the modules that are imported, and the folders in which modules are looked for, except the target's."""
    files = [place for module in list(sys.modules.values()) for place in places_of(module)[:1]]
    places = dict.fromkeys([*files, sys.executable, *sys.path])
    return [path for path in places if os.path.isabs(path) and os.path.exists(path) and not is_own(path, root)]


def become_fresh(control: Control, output: int) -> None:
    """Make a child what a process is that was just started: of its own session, with its own output and chance."""
    lead_session()
    for standard in (1, 2):
        os.dup2(output, standard)
    os.close(output)
    control.let_go()
    os.close(control.descriptor)
    importlib.invalidate_caches()  # of folders that have changed since
    numbers = sys.modules.get("numpy.random")
    if numbers is not None:
        numbers.seed()


def keep_bytecode(folder: str) -> None:
    """Compile and rewrite what is the target's only once, as long as it does not change."""
    USUAL.update(pycache_prefix=sys.pycache_prefix, dont_write_bytecode=sys.dont_write_bytecode)
    sys.pycache_prefix, sys.dont_write_bytecode = folder, False


def treat_bytecode_as_usual() -> None:
    """The suite is collected: what tests import shall be treated as in any other run."""
    for name, value in USUAL.items():
        setattr(sys, name, value)


def is_library(name: str, module: Any, root: str) -> bool:
    """Whether a module can be imported by its name and does not belong to the target."""
    return (
        name not in ("__main__", "__mp_main__", "conftest")
        and attribute(module, "__spec__") is not None
        and not lies_below(module, root)
    )


def lies_below(module: Any, root: str) -> bool:
    return any(is_own(place, root) for place in places_of(module))


def places_of(module: Any) -> List[str]:
    """The file of a module and the folders of a package; of an object that only plays a module, whatever it says."""
    try:
        file = module.__dict__.get("__file__")
        folders = [] if file else list(module.__dict__.get("__path__") or ())
    except Exception:
        return []
    return [os.path.abspath(place) for place in [file, *folders] if isinstance(place, str)]


def attribute(module: Any, name: str) -> Any:
    try:
        return getattr(module, name, None)
    except Exception:
        return None
