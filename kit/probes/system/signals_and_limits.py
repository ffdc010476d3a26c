"""What a process has set of signals, alarms, limits and its priority, where its system has them: each with what reads
it, and what sets it if it can be set.

The functions are bound before a test can replace them. Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import functools
import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Iterator, Optional, Tuple

    ReadAndWrite = Tuple[Callable[[], Any], Callable[[Any], Any]]


def signal_mask() -> Optional[ReadAndWrite]:
    """The signals that the main thread does not get; ``None`` where threads have no mask."""
    if not hasattr(signal, "pthread_sigmask"):
        return None
    mask = functools.partial(signal.pthread_sigmask, signal.SIG_BLOCK, ())
    return lambda: tuple(sorted(mask())), functools.partial(signal.pthread_sigmask, signal.SIG_SETMASK)


def alarm() -> Optional[ReadAndWrite]:
    """Whether an alarm is set; it can be set back only to none. ``None`` where there are no alarms."""
    if not hasattr(signal, "setitimer"):
        return None
    left, start, real = signal.getitimer, signal.setitimer, signal.ITIMER_REAL
    return lambda: left(real)[0] > 0, lambda on: on or start(real, 0)


def priority() -> Optional[Callable[[], int]]:
    """The priority of the process, which cannot be set back; ``None`` where there is none."""
    return functools.partial(os.getpriority, os.PRIO_PROCESS, 0) if hasattr(os, "getpriority") else None


def limits() -> Iterator[Tuple[str, ReadAndWrite]]:
    """Each limit of the module ``resource`` by its name, once the module is imported."""
    resource = sys.modules["resource"]
    read, write = resource.getrlimit, resource.setrlimit
    for name in [name for name in dir(resource) if name.startswith("RLIMIT_")]:
        number = getattr(resource, name)
        yield name, (functools.partial(read, number), functools.partial(write, number))
