"""Waiting for the end of a process, or of a connection."""

from __future__ import annotations

import os
import select
import subprocess


def wait_for_end(process: subprocess.Popen[bytes], timeout_s: float) -> None:
    """Wait like ``process.wait``, which polls every 50 ms, but return at once where the system reports the end.

    Raises :class:`subprocess.TimeoutExpired`.
    """
    try:
        end = os.pidfd_open(process.pid) if hasattr(os, "pidfd_open") else None
    except OSError:  # an old kernel, or a container that forbids it
        end = None
    if end is None:
        process.wait(timeout_s)
        return
    try:
        poll = select.poll()
        poll.register(end, select.POLLIN)
        poll.poll(timeout_s * 1000)
    finally:
        os.close(end)
    process.wait(0)


def wait_for_hangup(descriptor: int) -> None:
    """Wait until the other side of a socket is closed (Linux)."""
    hangup = select.poll()
    hangup.register(descriptor, select.POLLRDHUP)
    hangup.poll()
