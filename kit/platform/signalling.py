"""Ending and stopping one process, which may be gone already."""

from __future__ import annotations

import signal
from contextlib import suppress

import psutil

#: what ``subprocess`` reports of a process that was killed, on POSIX systems
KILLED = -9


def interrupt(pid: int) -> None:
    """Let a process do what a Ctrl-C would; not on Windows, which sends that to whole terminals only."""
    with suppress(psutil.Error, ValueError):
        psutil.Process(pid).send_signal(signal.SIGINT)


def terminate(pid: int) -> None:
    """Ask a process to end (SIGTERM); on Windows it is ended at once."""
    with suppress(psutil.Error):
        psutil.Process(pid).terminate()


def suspend(pid: int) -> None:
    """Let a process do nothing more, until it is killed."""
    with suppress(psutil.Error):
        psutil.Process(pid).suspend()


def kill(pid: int) -> None:
    """End a process."""
    with suppress(psutil.Error):
        psutil.Process(pid).kill()
