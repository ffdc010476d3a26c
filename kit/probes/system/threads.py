"""Threads that are alive when a suite is collected: Python's own, and those of native libraries (Linux).

A thread does not live on in a forked child. Python's are there to do something, so who waits for one waits for ever.
Pools of native libraries differ: tried in forked children were those of OpenBLAS, jemalloc, DuckDB, ZeroMQ, gRPC and
Arrow, which do without or start anew, and of polars (with the tokio beneath it) and GNU's OpenMP (which scikit-learn
brings), which hang as soon as the library is used in a child, if it had been used before the fork.
"""

from __future__ import annotations

import _thread
import os
import re
import socket
import threading
import time

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, List, Set, Tuple


#: pools that a child waits for in vain
HANGS = re.compile(r"polars-\d|tokio-r")
OPENMP = "libgomp"  # its threads have no names of their own; LLVM's and Intel's see to forks themselves

#: plugins with a thread that answers xdist's workers: here are none, so that a copy needs neither it nor its socket
ANSWERS_XDIST = ("pytest_rerunfailures",)

TASKS = "/proc/self/task"
SETTLING = 0.1  # how long threads may take to end, or to sleep when they have no work, in seconds


def why_unsafe() -> str:
    """The thread that forbids to fork, ``""`` when there is none."""
    idle = {threading.main_thread(), *answering_xdist()}
    alive = [thread.name for thread in threading.enumerate() if thread not in idle]
    if not alive and _thread._count() >= len(idle):  # the main thread does not count
        time.sleep(SETTLING)  # it may be about to end
    if alive or _thread._count() >= len(idle):
        return "a thread is alive after collection (%s)" % (alive or ["without a name"])[0]
    names = native_threads()
    hanging = next((name for name in names if HANGS.match(name)), None)
    if hanging is None and names and _openmp_waits():
        hanging = "OpenMP"
    return "a pool of native threads that hangs in a copy is alive after collection (%s)" % hanging if hanging else ""


def answering_xdist() -> Dict[threading.Thread, Set[int]]:
    """The threads that a copy does without, each with the descriptors of the sockets that it answers at."""
    targets: Dict[threading.Thread, Any] = {
        thread: getattr(thread, "_target", None) for thread in threading.enumerate()
    }
    return {
        thread: {value.fileno() for value in vars(target.__self__).values() if isinstance(value, socket.socket)}
        for thread, target in targets.items()
        if getattr(target, "__module__", None) in ANSWERS_XDIST and hasattr(target, "__self__")
    }


def native_threads() -> List[str]:
    """The names of the threads that none of Python's are, as the kernel has them."""
    known = {str(thread.native_id) for thread in threading.enumerate()}
    try:
        return sorted(_read(task, "comm") for task in os.listdir(TASKS) if task not in known)
    except OSError:
        return []  # no Linux, or one has just ended


def _openmp_waits() -> bool:
    """Whether a thread sleeps in GNU's OpenMP: they are started when the first loop is run in parallel."""
    deadline = time.monotonic() + SETTLING
    while True:
        ranges = _code_of(OPENMP)
        places = [_read(task, "syscall").split()[-1:] for task in os.listdir(TASKS)] if ranges else []
        if any(start <= int(place, 16) < end for [place] in places if place != "running" for start, end in ranges):
            return True
        if places.count(["running"]) < 2 or time.monotonic() > deadline:  # the one is this thread itself
            return False
        time.sleep(0.01)


def _code_of(library: str) -> List[Tuple[int, int]]:
    """The addresses at which the code of a library stands in memory."""
    found = []
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if library in line and "x" in line.split(None, 2)[1]:
                start, end = line.split(None, 1)[0].split("-")
                found.append((int(start, 16), int(end, 16)))
    return found


def _read(task: str, name: str) -> str:
    """What the kernel says of a thread; empty when it does not."""
    try:
        with open("%s/%s/%s" % (TASKS, task, name), encoding="utf-8", errors="replace") as stream:
            return stream.read().strip()
    except OSError:
        return ""
