"""State of the process that tests share, besides the environment and what modules hold: each with a way to put it back.

The functions are bound before a test can replace them.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import contextvars
import functools
import gc
import logging
import os
import random
import signal
import sys
import time

from .names import FILE_NAMES, IMPORT_NAMES, LOGGING_NAMES, RANDOM_NAMES, TIME_NAMES
from .nodes import State
from .values import same

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Tuple


class Watched:
    """One state of the process. It plays the part of a node of which it is the only entry."""

    depth = 99

    def __init__(
        self, path: str, names: Tuple[str, ...], read: Callable[[], Any], write: Optional[Callable[[Any], Any]]
    ) -> None:
        """``names``: code that sees the state uses one of them; ``write`` is ``None`` if nothing puts it back."""
        self.path, self._names, self._read, self._write = path, names, read, write

    def read(self) -> Any:
        return self._read()

    def path_to(self, _key: Any) -> str:
        return self.path

    def names(self, _key: Any) -> Tuple[str, ...]:
        return self._names

    def restore(self, _key: Any, before: Any) -> None:
        if self._write is not None:
            self._write(before)


class Process:
    """All states of the process, and their values when they were last looked at."""

    def __init__(self) -> None:
        self._watched: List[Watched] = list(always_there())
        self._late: Dict[str, Callable[[], Iterable[Watched]]] = dict(AFTER_IMPORT)
        self._values: List[Any] = []
        self._loggers: Dict[str, Tuple[Any, ...]] = {}
        self._context: Dict[Any, Any] = {}
        self._logger_nodes: Dict[str, LoggerNode] = {}
        self._variable = VariableNode()

    def keep(self) -> None:
        """Remember the values of now."""
        self._find_late()
        self._values = [read_safely(one) for one in self._watched]
        self._loggers = {name: state_of(logger) for name, logger in loggers()}
        self._context = dict(contextvars.copy_context())

    def changes(self) -> List[State]:
        """What has changed since :meth:`keep`."""
        found = []
        for one, before in zip(self._watched, self._values):
            after = read_safely(one)
            if not equal(before, after):
                found.append(State(one, None, before, after))
        return [*found, *self._changes_of_loggers(), *self._changes_of_context()]

    def _find_late(self) -> None:
        for module in [name for name in self._late if name in sys.modules]:
            self._watched += self._late.pop(module)()

    def _changes_of_loggers(self) -> Iterator[State]:
        for name, logger in loggers():
            before, after = self._loggers.get(name, NEW_LOGGER), state_of(logger)
            for at, (was, now) in enumerate(zip(before, after)):
                if not equal(was, now):
                    node = self._logger_nodes.setdefault(name, LoggerNode(name))
                    yield State(node, LOGGER_PARTS[at], was, now)

    def _changes_of_context(self) -> Iterator[State]:
        now = dict(contextvars.copy_context())
        for variable, value in now.items():
            was = self._context.get(variable, NEVER_SET)
            if not same(was, value) and variable.name not in ("decimal_context",):
                yield State(self._variable, variable, was, value)


NEVER_SET = object()


class VariableNode:
    """The context variables of the process's main context."""

    path, depth = "contextvars", 99

    def path_to(self, key: Any) -> str:
        return "ContextVar(%r)" % key.name

    def names(self, key: Any) -> Tuple[str, ...]:
        return (key.name, *(name for name in names_bound_to(key)))

    def restore(self, key: Any, before: Any) -> None:
        if before is not NEVER_SET:
            key.set(before)


def names_bound_to(value: Any) -> List[str]:
    """The global names of any module that hold this object."""
    found = []
    for module in list(sys.modules.values()):
        names = getattr(module, "__dict__", None)
        if type(names) is dict:
            found += [name for name, one in list(names.items()) if one is value]
    return found


LOGGER_PARTS = ("level", "propagate", "disabled", "handlers", "filters")
NEW_LOGGER: Tuple[Any, ...] = (0, True, False, [], [])


class LoggerNode:
    """A logger of the process."""

    depth = 99

    def __init__(self, name: str) -> None:
        self._name = name
        self.path = "logging.getLogger(%r)" % name if name else "logging.getLogger()"

    def path_to(self, key: Any) -> str:
        return "%s.%s" % (self.path, key)

    def names(self, _key: Any) -> Tuple[str, ...]:
        return LOGGING_NAMES

    def restore(self, key: Any, before: Any) -> None:
        logger = logging.getLogger(self._name)
        if key in ("handlers", "filters"):
            getattr(logger, key)[:] = before
        elif key == "level":
            logger.setLevel(before)
        else:
            setattr(logger, key, before)


def loggers() -> List[Tuple[str, Any]]:
    """All loggers by name; ``""`` is the root's."""
    known = list(logging.root.manager.loggerDict.items())
    return [("", logging.root), *((name, one) for name, one in known if isinstance(one, logging.Logger))]


def state_of(logger: Any) -> Tuple[Any, ...]:
    handlers = [one for one in logger.handlers if not type(one).__module__.startswith("_pytest")]
    return logger.level, logger.propagate, logger.disabled, handlers, list(logger.filters)


def equal(before: Any, after: Any) -> bool:
    """Whether two readings are the same; lists entry by entry."""
    if type(before) is list and type(after) is list:
        return len(before) == len(after) and all(map(same, before, after))
    return same(before, after)


def read_safely(one: Watched) -> Any:
    try:
        return one.read()
    except Exception as error:  # the working directory was removed, or a library has changed
        return "%s: %s" % (type(error).__name__, error)


def of_list(path: str, names: Tuple[str, ...], owner: Any) -> Watched:
    return Watched(path, names, lambda: list(owner), lambda value: owner.__setitem__(slice(None), value))


def of_attribute(path: str, names: Tuple[str, ...], owner: Any, name: str) -> Watched:
    return Watched(path, names, lambda: getattr(owner, name), lambda value: setattr(owner, name, value))


def always_there() -> Iterator[Watched]:
    """What needs no module that might not be imported."""
    getcwd, chdir, umask = os.getcwd, os.chdir, os.umask

    def read_umask() -> int:
        mask = umask(0)
        umask(mask)
        return mask

    yield Watched("os.getcwd()", FILE_NAMES, getcwd, chdir)
    yield Watched("os.umask()", ("umask", "st_mode", "stat", "chmod", *FILE_NAMES), read_umask, umask)
    yield of_list("sys.path", IMPORT_NAMES, sys.path)
    yield of_list("sys.argv", ("argv", "parse_args", "ArgumentParser", "main"), sys.argv)
    yield of_list("sys.meta_path", ("meta_path", *IMPORT_NAMES), sys.meta_path)
    yield of_list("sys.path_hooks", ("path_hooks", *IMPORT_NAMES), sys.path_hooks)
    for name in ("excepthook", "displayhook", "breakpointhook", "dont_write_bytecode"):
        yield of_attribute("sys.%s" % name, (name,), sys, name)
    limit_names = ("getrecursionlimit", "setrecursionlimit", "RecursionError")
    yield Watched("sys.getrecursionlimit()", limit_names, sys.getrecursionlimit, sys.setrecursionlimit)
    yield Watched("sys.getswitchinterval()", ("getswitchinterval",), sys.getswitchinterval, sys.setswitchinterval)
    yield Watched("gc.isenabled()", ("isenabled", "gc"), gc.isenabled, lambda on: gc.enable() if on else gc.disable())
    yield Watched(
        "gc.get_threshold()", ("get_threshold", "gc"), gc.get_threshold, lambda value: gc.set_threshold(*value)
    )
    yield Watched("time.tzname", TIME_NAMES, lambda: time.tzname, lambda _value: time.tzset())
    yield Watched("random.getstate()", RANDOM_NAMES, random.getstate, random.setstate)
    yield from signals()
    yield from logging_itself()


SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGALRM", "SIGUSR1", "SIGUSR2", "SIGCHLD", "SIGPIPE")


def signals() -> Iterator[Watched]:
    read, write = signal.getsignal, signal.signal
    for name in SIGNALS:
        number = getattr(signal, name, None)
        if number is not None:
            names = ("getsignal", name, "raise_signal", "kill", "alarm", "setitimer", "KeyboardInterrupt")
            yield Watched(
                "signal.getsignal(%s)" % name,
                names,
                functools.partial(read, number),
                functools.partial(write, number),
            )


def logging_itself() -> Iterator[Watched]:
    levels = logging._levelToName
    yield of_attribute("logging.disable()", LOGGING_NAMES, logging.root.manager, "disable")
    yield of_attribute("logging.raiseExceptions", LOGGING_NAMES, logging, "raiseExceptions")
    yield Watched("logging.getLoggerClass()", LOGGING_NAMES, logging.getLoggerClass, logging.setLoggerClass)
    factory = (logging.getLogRecordFactory, logging.setLogRecordFactory)
    yield Watched("logging.getLogRecordFactory()", LOGGING_NAMES, *factory)
    yield Watched("logging.getLevelName()", LOGGING_NAMES, lambda: tuple(sorted(levels.items())), put_levels)


def put_levels(levels: Tuple[Tuple[int, str], ...]) -> None:
    for number, name in levels:
        logging.addLevelName(number, name)


def of_locale() -> Iterator[Watched]:
    import locale

    names = [
        "locale",
        "setlocale",
        "getlocale",
        "strftime",
        "strptime",
        "localeconv",
        "strcoll",
        "strxfrm",
        "atof",
        "currency",
        "format_string",
    ]
    setlocale, every = locale.setlocale, locale.LC_ALL
    read, write = functools.partial(setlocale, every), functools.partial(setlocale, every)
    yield Watched("locale.setlocale(LC_ALL)", tuple(names), read, write)


def of_decimal() -> Iterator[Watched]:
    import decimal

    names = ("decimal", "Decimal", "getcontext", "localcontext", "quantize")
    for name in ("prec", "rounding", "Emin", "Emax", "capitals", "clamp"):
        yield Watched("decimal.getcontext().%s" % name, names, *of_context(decimal.getcontext, name))


def of_context(get: Callable[[], Any], name: str) -> Tuple[Callable[[], Any], Callable[[Any], None]]:
    return lambda: getattr(get(), name), lambda value: setattr(get(), name, value)


def of_socket() -> Iterator[Watched]:
    import socket

    names = ("getdefaulttimeout", "socket", "urlopen", "create_connection", "gettimeout", "socketpair")
    yield Watched("socket.getdefaulttimeout()", names, socket.getdefaulttimeout, socket.setdefaulttimeout)


def of_asyncio() -> Iterator[Watched]:
    import asyncio.events as events

    names = ("asyncio", "get_event_loop", "new_event_loop", "get_event_loop_policy", "run")
    yield Watched(
        "asyncio event loop policy",
        names,
        lambda: getattr(events, "_event_loop_policy", None),
        lambda value: setattr(events, "_event_loop_policy", value),
    )


def of_numpy() -> Iterator[Watched]:
    import numpy

    def read() -> Any:
        state: Any = numpy.random.get_state()
        kind, keys, *rest = state
        return (kind, keys.tobytes(), *rest)

    def write(value: Any) -> None:
        kind, keys, *rest = value
        numpy.random.set_state((kind, numpy.frombuffer(keys, dtype=numpy.uint32), *rest))

    names = ("np", "numpy", "rand", "randn", "normal", "permutation", *RANDOM_NAMES)
    yield Watched("numpy.random.get_state()", names, read, write)


AFTER_IMPORT: Dict[str, Callable[[], Iterable[Watched]]] = {
    "locale": of_locale,
    "decimal": of_decimal,
    "socket": of_socket,
    "asyncio": of_asyncio,
    "numpy.random": of_numpy,
}
