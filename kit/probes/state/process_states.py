"""Which states of the process tests share, besides the environment and what modules hold.

The functions are bound before a test can replace them.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import functools
import gc
import logging
import os
import random
import signal
import sys
import time

from ..system.process_ids import own_children
from ..system.time_zone import read_time_zone
from .names import CHILD_NAMES, FILE_NAMES, IMPORT_NAMES, LOGGING_NAMES, LOOP_NAMES, RANDOM_NAMES, TIME_NAMES
from .watched import Watched, of_attribute, of_list

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Dict, Iterable, Iterator, Tuple


#: what asyncio makes by itself where nobody has set a policy
USUAL_POLICIES = ("_UnixDefaultEventLoopPolicy", "WindowsProactorEventLoopPolicy", "_WindowsProactorEventLoopPolicy")


#: what Python keeps of ``sys`` as it was at the start
ORIGINALS = ("__stdin__", "__stdout__", "__stderr__", "__excepthook__", "__displayhook__")


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
    for name in ("excepthook", "displayhook", "breakpointhook", "dont_write_bytecode", *ORIGINALS):
        yield of_attribute("sys.%s" % name, (name,), sys, name)
    limit_names = ("getrecursionlimit", "setrecursionlimit", "RecursionError")
    yield Watched("sys.getrecursionlimit()", limit_names, sys.getrecursionlimit, sys.setrecursionlimit)
    yield Watched("sys.getswitchinterval()", ("getswitchinterval",), sys.getswitchinterval, sys.setswitchinterval)
    yield Watched("gc.isenabled()", ("isenabled", "gc"), gc.isenabled, lambda on: gc.enable() if on else gc.disable())
    if hasattr(gc, "get_threshold"):  # PyPy collects in its own way
        yield Watched(
            "gc.get_threshold()", ("get_threshold", "gc"), gc.get_threshold, lambda value: gc.set_threshold(*value)
        )
    yield Watched("time.tzname", TIME_NAMES, lambda: time.tzname, lambda _value: read_time_zone())
    yield Watched("random.getstate()", RANDOM_NAMES, random.getstate, random.setstate)
    yield Watched("child processes", CHILD_NAMES, own_children, None)
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
    """The policy, and the event loop of the main thread. The usual policy is made when it is first asked for, which
    shows in that loop alone.
    """
    import asyncio.events as events

    def policy() -> Any:
        now = getattr(events, "_event_loop_policy", None)
        return None if type(now).__name__ in USUAL_POLICIES else now

    def loop() -> Any:
        local = getattr(getattr(events, "_event_loop_policy", None), "_local", None)
        current = getattr(local, "_loop", None)
        said = "none" if current is None else "closed" if current.is_closed() else "open"
        return (bool(getattr(local, "_set_called", False)), said)

    def forget_loop(value: Any) -> None:
        local = getattr(getattr(events, "_event_loop_policy", None), "_local", None)
        if local is not None and value == (False, "none"):
            local._loop, local._set_called = None, False

    names = ("asyncio", "get_event_loop", "new_event_loop", "get_event_loop_policy", "run")
    yield Watched(
        "asyncio event loop policy", names, policy, lambda value: setattr(events, "_event_loop_policy", value)
    )
    yield Watched("asyncio.get_event_loop()", LOOP_NAMES, loop, forget_loop)


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
