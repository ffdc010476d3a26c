"""Forking a process, and ending the fork. What is needed while tests run is bound before a test can replace it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import warnings

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Optional


CAN_FORK = hasattr(os, "fork")

#: a copy of this process: 0 in the copy, else its id; not to be called unless ``CAN_FORK``
fork: Any = getattr(os, "fork", None)


def fork_flushed() -> int:
    """A fork that prints nothing of what this process was about to print."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of threads that are none of Python's: these are looked for
        return int(fork())


def end_after(seconds: int) -> None:
    """This fork is ended after a time, whatever it does."""
    signal.alarm(seconds)


def lead_group() -> None:
    """This fork leads a process group."""
    os.setpgid(0, 0)


def lead_session() -> None:
    """This fork leads a session."""
    os.setsid()


def status_of(pid: int) -> Optional[int]:
    """The status of a fork that has ended, ``None`` while it runs."""
    ended, status = os.waitpid(pid, os.WNOHANG)
    return status if ended else None


def end(pid: int) -> None:
    """End a fork, if it runs still, and take its status."""
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
