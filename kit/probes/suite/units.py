"""Which functions of the app run: each unit (see ``marking.py``) has an entry in an array, which is set when it runs.

Up to Python 3.11 marks in the code set it; later Python itself reports that a code object of the app begins or goes on.

Whatever the import system loads of the app comes by :class:`Units`, just before it is executed. That is decided by a
function that has returned by then, and an error of the app's source shows no frame of ours: our function has the file
name of the import system, so Python leaves it out with the others.
"""

from __future__ import annotations

import importlib.machinery
import os
import sys

from .. import FOLDER
from ..own_files import is_own
from .marking import bound, marked

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from types import CodeType
    from typing import Any, Callable, Dict, Iterator, List, Tuple


LOADER: Any = importlib.machinery.SourceFileLoader

#: the number of what cannot be known: the test has started another program, or given away code
ELSEWHERE = 0

#: the numbers of tools that nobody has reserved (PEP 669)
TOOLS = (4, 3)

OPTIMIZED = 1  # of ``co_flags``: a function, not a module or a class

#: what starts another program: what that runs of the app cannot be seen
STARTS = frozenset(
    ["subprocess.Popen", "os.posix_spawn", "os.exec", "os.spawn", "os.fork", "os.forkpty", "os.system", "pty.spawn"]
)
#: programs that run nothing of the app
HARMLESS = frozenset(
    ["cat", "echo", "false", "file", "gcc", "git", "ldconfig", "ls", "objdump", "sleep", "true", "uname"]
)

#: files whose code reads a source file without depending on it: the import system, and what shows a traceback
READERS = ("<frozen importlib", __file__, "linecache.py", "tokenize.py", os.path.join("assertion", "rewrite.py"))

#: what is known by its text where a test reads it: source, and prose that no other test depends on
READ = (".py", ".md", ".rst")


class Hits(bytearray):
    """One byte for each unit. A constant of code objects, so it can be hashed; what copies code gets a dead array."""

    __hash__ = object.__hash__  # type: ignore[assignment]
    __eq__ = object.__eq__

    def __reduce_ex__(self, _: Any) -> Any:
        self[ELSEWHERE] = 1
        return bytearray, (bytes(len(self)),)


class Units:
    """The units of the files below ``root`` that were loaded, and which of them have run since :meth:`take`."""

    def __init__(self, root: str, loading: Callable[[str], None], loaded: Callable[[str], None]) -> None:
        """``loading`` is called with the path of a module before it is executed, ``loaded`` at its end."""
        self._root, self._loading, self._loaded = root, loading, loaded
        self.places: List[Tuple[str, int]] = [("", 0)]
        self._numbers: Dict[Tuple[str, int], int] = {("", 0): ELSEWHERE}
        self._hits = Hits(1)
        self._kept: List[Any] = []  # code objects: their ids stand for them
        self._of_code: Dict[int, int] = {}
        self._ends: Dict[int, str] = {}
        #: the files whose units are seen, and those that were loaded in another way
        self.seen: Dict[str, bool] = {}
        self._tool = -1

    def begin(self) -> bool:
        """Look at what is loaded from now on; whether that is possible."""
        if hasattr(sys, "monitoring") and not self._take_tool():
            return False
        usual = LOADER.get_code

        def get_code(this, fullname):  # type: ignore[no-untyped-def]
            return replaced(this, usual(this, fullname))

        replaced = self._replaced
        get_code.__code__ = get_code.__code__.replace(co_filename="<frozen importlib._bootstrap_external>")
        LOADER.get_code = get_code
        sys.addaudithook(self._audit)
        return True

    def take(self) -> List[int]:
        """The numbers of the units that have run, which are forgotten."""
        hits, found = self._hits, []
        at = hits.find(1)
        while at >= 0:
            found.append(at)
            hits[at] = 0
            at = hits.find(1, at + 1)
        if self._tool >= 0 and found:
            sys.monitoring.restart_events()  # type: ignore[attr-defined,unused-ignore]
        return found

    def relative(self, path: str) -> str:
        """The path of an own file below the root."""
        return path[len(self._root) + 1 :].replace(os.sep, "/")

    def is_own(self, path: object) -> bool:
        """Whether this is the path of a source file of the app."""
        return isinstance(path, str) and path.endswith(".py") and is_own(path, self._root)

    def _number(self, path: str, line: int) -> int:
        number = self._numbers.setdefault((path, line), len(self.places))
        if number == len(self.places):
            self.places.append((path, line))
            self._hits.append(0)
        return number

    def _replaced(self, loader: Any, code: Any) -> Any:
        """The code that is executed instead, or the same."""
        try:
            path = loader.path
            if code is None or not self.is_own(path):
                return code
            relative = self.relative(path)
            self._loading(path)
            is_usual = type(loader) is LOADER
            self.seen[relative] = is_usual and self.seen.get(relative, True)
            if not is_usual:
                return code
            return self._observed(code, path, relative)
        except Exception:
            self.seen[self.relative(str(getattr(loader, "path", "")))] = False
            return code

    def _observed(self, code: CodeType, path: str, relative: str) -> CodeType:
        if self._tool >= 0:
            self._observe(code, path, relative)
            return code
        source = LOADER.get_data(LOADER("", path), path)

        def end() -> None:
            self._loaded(path)

        return bound(marked(source, path), self._hits, end, lambda line: self._number(relative, line))

    # -- Python 3.12 and later

    def _take_tool(self) -> bool:
        monitoring: Any = getattr(sys, "monitoring")  # noqa: B009
        free = [tool for tool in TOOLS if monitoring.get_tool(tool) is None]
        if not free:
            return False
        self._tool, self._events = free[0], monitoring.events
        monitoring.use_tool_id(self._tool, "kit")
        hits, of_code, disable = self._hits, self._of_code, monitoring.DISABLE

        def began(code: Any, _: int) -> Any:
            hits[of_code[id(code)]] = 1
            return disable

        def returned(code: Any, _: int, __: Any) -> Any:
            self._loaded(self._ends[id(code)])

        monitoring.register_callback(self._tool, self._events.PY_START, began)
        monitoring.register_callback(self._tool, self._events.PY_RESUME, began)
        monitoring.register_callback(self._tool, self._events.PY_RETURN, returned)
        return True

    def _observe(self, code: Any, path: str, relative: str) -> None:
        monitoring: Any = getattr(sys, "monitoring")  # noqa: B009
        events = self._events
        self._kept.append(code)
        self._ends[id(code)] = path
        monitoring.set_local_events(self._tool, code, events.PY_RETURN)
        for line, one in functions_in(code):
            self._kept.append(one)
            self._of_code[id(one)] = self._number(relative, line)
            monitoring.set_local_events(self._tool, one, events.PY_START | events.PY_RESUME)

    # -- what is not seen

    def _audit(self, event: str, arguments: Any) -> None:
        try:
            if event == "open":
                self._note_reading(arguments)
            elif event in STARTS and not is_harmless(event, arguments) and not is_by_kit(sys._getframe(1)):
                self._hits[ELSEWHERE] = 1
        except Exception:
            self._hits[ELSEWHERE] = 1

    def _note_reading(self, arguments: Any) -> None:
        """A test that reads a file as text depends on all of it."""
        path, frame = arguments[0], sys._getframe(2)
        if type(path) is int and os.path.basename(frame.f_code.co_filename).startswith("popen_"):
            self._hits[ELSEWHERE] = 1  # multiprocessing writes to a process that it has started without any event
        if type(path) is bytes:
            path = os.fsdecode(path)
        if not isinstance(path, str) or not path.endswith(READ) or not is_own(os.path.abspath(path), self._root):
            return
        if frame.f_code.co_name == "get_data" and frame.f_back:
            frame = frame.f_back  # the loader reads for somebody, such as pkgutil
        if not frame.f_code.co_filename.startswith(READERS[0]) and not frame.f_code.co_filename.endswith(READERS[1:]):
            self._hits[self._number(self.relative(os.path.abspath(path)), 0)] = 1


def functions_in(code: CodeType) -> Iterator[Tuple[int, CodeType]]:
    """The functions of a module with all that they contain, each with the first line of its unit."""
    todo: List[Tuple[int, Any]] = [(0, code)]
    while todo:
        unit, one = todo.pop()
        for inner in one.co_consts:
            if not isinstance(inner, type(code)):
                continue
            is_function = bool(inner.co_flags & OPTIMIZED) and not inner.co_name.startswith("<")
            line = unit or (inner.co_firstlineno if is_function and inner.co_name != "__annotate__" else 0)
            if line:
                yield line, inner
            todo.append((line, inner))


def is_harmless(event: str, arguments: Any) -> bool:
    """Whether this starts a program that is known to run nothing of the app."""
    if event not in ("subprocess.Popen", "os.posix_spawn", "os.exec"):
        return False
    program = arguments[0]
    if program is None and event == "subprocess.Popen":
        program = arguments[1][0] if isinstance(arguments[1], (list, tuple)) else ""
    return os.path.basename(os.fsdecode(program)) in HARMLESS


def is_by_kit(frame: Any) -> bool:
    """Whether this frame is of a probe: kit forks processes of its own, which run nothing for a test."""
    return bool(frame.f_code.co_filename.startswith(FOLDER))
