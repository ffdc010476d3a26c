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
import warnings

from ..system.process_ids import own_children
from ..system.signals_and_limits import alarm, signal_mask
from ..system.time_zone import read_time_zone
from .names import (
    ANY_NAME,
    CHILD_NAMES,
    FILE_NAMES,
    IMPORT_NAMES,
    LOGGING_NAMES,
    RANDOM_NAMES,
    STDERR_NAMES,
    TIME_NAMES,
)
from .watched import Watched, of_attribute, of_list

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Iterator, Tuple


def always_there() -> Iterator[Watched]:
    """What needs no module that might not be imported."""
    getcwd, chdir, umask = os.getcwd, os.chdir, os.umask

    def read_umask() -> int:
        mask = umask(0)
        umask(mask)
        return mask

    yield Watched("os.getcwd()", FILE_NAMES, getcwd, chdir)
    yield Watched("os.umask()", ("umask", "st_mode", "stat", "chmod", *FILE_NAMES), read_umask, umask)
    yield of_list("sys.path", IMPORT_NAMES, lambda: sys.path)
    yield of_list("sys.argv", ("argv", "parse_args", "ArgumentParser", "main"), lambda: sys.argv)
    yield of_list("sys.meta_path", ("meta_path", *IMPORT_NAMES), lambda: sys.meta_path)
    yield of_list("sys.path_hooks", ("path_hooks", *IMPORT_NAMES), lambda: sys.path_hooks)
    limit_names = ("getrecursionlimit", "setrecursionlimit", "RecursionError")
    yield Watched("sys.getrecursionlimit()", limit_names, sys.getrecursionlimit, sys.setrecursionlimit)
    yield Watched("sys.getswitchinterval()", ("getswitchinterval",), sys.getswitchinterval, sys.setswitchinterval)
    if hasattr(sys, "get_int_max_str_digits"):  # since Python 3.11, and in later releases of earlier ones
        digits = (sys.get_int_max_str_digits, sys.set_int_max_str_digits)
        yield Watched("sys.get_int_max_str_digits()", ("int", "str", "get_int_max_str_digits"), *digits)
    yield Watched("gc.isenabled()", ("isenabled", "gc"), gc.isenabled, lambda on: gc.enable() if on else gc.disable())
    if hasattr(gc, "get_threshold"):  # PyPy collects in its own way
        yield Watched(
            "gc.get_threshold()", ("get_threshold", "gc"), gc.get_threshold, lambda value: gc.set_threshold(*value)
        )
    if hasattr(gc, "callbacks"):
        yield of_list("gc.callbacks", ("callbacks", "gc"), lambda: gc.callbacks)
    yield Watched("time.tzname", TIME_NAMES, lambda: time.tzname, lambda _value: read_time_zone())
    yield Watched("random.getstate()", RANDOM_NAMES, random.getstate, random.setstate)
    yield Watched("child processes", CHILD_NAMES, own_children, None)
    yield from signals()
    yield from masks()
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


def masks() -> Iterator[Watched]:
    mask = signal_mask()
    if mask:
        names = ("pthread_sigmask", "sigwait", "sigpending", "raise_signal", "kill", "Popen")
        yield Watched("signal.pthread_sigmask()", names, *mask)


def between_tests() -> Iterator[Watched]:
    """States that pytest and its plugins set for the time of each test, and put back after it."""
    yield of_list("warnings.filters", (ANY_NAME,), lambda: warnings.filters)
    yield of_attribute("warnings.showwarning", ("showwarning", *STDERR_NAMES), warnings, "showwarning")
    yield of_attribute("warnings.formatwarning", ("formatwarning", *STDERR_NAMES), warnings, "formatwarning")
    yield Watched("sys.gettrace()", ("gettrace",), sys.gettrace, sys.settrace)
    profiling = ("getprofile", "setprofile", "Profile")
    yield Watched("sys.getprofile()", profiling, sys.getprofile, sys.setprofile)
    timer = alarm()
    if timer:
        yield Watched("signal.setitimer()", (ANY_NAME,), *timer)


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
