"""What may end Python with an exit code of its own when the tests are over: handlers of ``atexit``, finalizers, and
threads that Python waits for.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import threading
import types
import weakref

from ..own_files import is_own
from ..system.ending import ENDING

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Iterable, Iterator, List

#: the names by which code ends a process
NAMES = frozenset({"_exit", "abort", "raise_signal"})

#: a process that signals itself calls both
KILLS_ITSELF = frozenset({"kill", "getpid"})

OURS = __name__.partition(".")[0]


def deciding_handlers(root: str) -> List[str]:
    """``"path:line name"`` of what may end this process with a code of its own, after pytest's session."""
    found = []
    for one in what_runs_at_exit():
        with contextlib.suppress(Exception):  # an object of the target may refuse any question
            if may_end(one, root):
                found.append(place_of(one))
    return found


def what_runs_at_exit() -> Iterator[Any]:
    """Everything that Python calls, or waits for, before it ends."""
    finalizers = weakref.finalize._exitfunc.__func__  # type: ignore[attr-defined]
    for handler in exit_handlers():
        if type(handler) is types.MethodType and handler.__func__ is finalizers:
            for one in list(weakref.finalize._registry.values()):  # type: ignore[attr-defined]
                yield functools.partial(one.func, *one.args)
        else:
            yield handler
    for thread in threading.enumerate():
        if thread is not threading.main_thread() and not thread.daemon:
            yield getattr(thread, "_target", None) or thread.run


class _Spy:
    """Equal to nothing, and keeps whatever it is compared with."""

    __hash__: Any = None

    def __init__(self) -> None:
        self.met: List[Any] = []

    def __eq__(self, other: object) -> bool:
        self.met.append(other)
        return False


def exit_handlers() -> List[Any]:
    """The functions that ``atexit`` will call: it has no list of them, but compares each before it removes one."""
    spy = _Spy()
    atexit.unregister(spy)  # type: ignore[arg-type]
    return spy.met


def may_end(called: Any, root: str) -> bool:
    """Whether a function, or what it calls of the target's own by name, ends the process."""
    waiting, seen = [called], set()
    for one in waiting:  # grows while it is walked
        if isinstance(one, functools.partial):
            waiting += [one.func, *filter(callable, one.args)]
            continue
        if any(one is ending for ending in ENDING):
            return True
        function = as_function(one)
        code = getattr(function, "__code__", None)
        if code is None or code in seen or str(function.__module__).partition(".")[0] == OURS:
            continue
        seen.add(code)
        names = names_in(code)
        if names & NAMES or names >= KILLS_ITSELF:
            return True
        if is_own(os.path.abspath(code.co_filename), root):
            waiting += called_by(function, names)
    return False


def as_function(called: Any) -> Any:
    """The function or method itself; of another object, the method by which it is called."""
    return called if isinstance(called, (types.FunctionType, types.MethodType)) else called.__call__


def names_in(code: types.CodeType) -> frozenset[str]:
    """The names that code uses, and the functions inside of it."""
    inner = (names_in(one) for one in code.co_consts if isinstance(one, types.CodeType))
    return frozenset(code.co_names).union(*inner)


def called_by(function: Any, names: frozenset[str]) -> List[Any]:
    """What these names stand for: in its module, in the class of the object that it belongs to; and its closure."""
    owner = getattr(function, "__self__", None)
    inherited = [] if owner is None else type(owner).__mro__[:-1]
    found = [types.MethodType(one, owner) for place in inherited for one in callables(vars(place), names)]
    found += callables(function.__globals__, names)
    for cell in function.__closure__ or ():
        with contextlib.suppress(ValueError):  # it has no value yet
            found += callables({"": cell.cell_contents}, [""])
    return found


def callables(place: Any, names: Iterable[str]) -> List[Any]:
    found = [place[name] for name in names if name in place]
    return [one for one in found if callable(one) and not isinstance(one, type)]


def place_of(called: Any) -> str:
    while isinstance(called, functools.partial):
        called = called.func
    code = getattr(as_function(called), "__code__", None)
    name = getattr(called, "__qualname__", type(called).__name__)
    return "%s:%d %s" % (code.co_filename, code.co_firstlineno, name) if code is not None else ": %s" % name
