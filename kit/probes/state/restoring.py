"""Runs a test in a fork: as it is, or with what earlier tests have changed put back. What does it do there?

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import contextlib
import os
import random
import select
import time

from ..system import forks
from .values import Gone

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Callable, Iterable

    from .changes import ChangedByTest


#: how long a fork may take, in seconds
LIMIT = 20.0

#: bound before a test can replace them
LEAVE, GET_RANDOM, SET_RANDOM = os._exit, random.getstate, random.setstate


def outcome_without(changes: Iterable[ChangedByTest], run: Callable[[], str]) -> str:
    """What ``run`` returns in a fork in which the changes are undone; ``""`` when it does not end, or nothing forks."""

    def undone() -> bytes:
        for one in changes:
            put_back(one)
        return run().encode()

    return in_a_fork(undone).decode() if forks.CAN_FORK else ""


def in_a_fork(work: Callable[[], bytes]) -> bytes:
    """What ``work`` returns in a fork; ``b""`` when it fails or does not end. Not to be called where nothing forks."""
    reading, writing = os.pipe()
    drawn = GET_RANDOM()
    pid = forks.fork()
    if pid == 0:
        try:
            os.close(reading)
            SET_RANDOM(drawn)  # CPython gives each fork a seed of its own
            os.write(writing, work())
        finally:
            LEAVE(0)
    os.close(writing)
    try:
        return read_until(reading, time.monotonic() + LIMIT)
    finally:
        os.close(reading)
        forks.end(pid)


def put_back(change: ChangedByTest) -> None:
    state, before = change.state, change.before
    if type(before) is Gone:
        return
    with contextlib.suppress(Exception):  # what cannot be put back is not found to be the reason
        state.node.restore(state.key, before)


def read_until(descriptor: int, deadline: float) -> bytes:
    """What arrives until the other side is closed, or the time is over."""
    data = b""
    while True:
        ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
        part = os.read(descriptor, 64) if ready else b""
        if not part:
            return data if ready else b""
        data += part
