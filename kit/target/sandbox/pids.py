"""Ids of processes in a PID namespace, where each has one inside and another one outside."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_IDS = re.compile(rb"^NSpid:\s+(.*)$", re.MULTILINE)


def inner_pid(pid: int) -> int:
    """The id that a process has for itself; ``pid`` where that is unknown."""
    ids = _ids(pid)
    return ids[-1] if ids else pid


def outer_pid(inner: int, among: Iterable[int]) -> int:
    """The id, as seen from here, of the one of these processes that calls itself ``inner``; ``inner`` if none does."""
    found = [(len(ids), pid) for pid in among if (ids := _ids(pid)) and ids[-1] == inner]
    return min(found)[1] if found else inner  # a test may have made more namespaces, in which ids begin anew


def _ids(pid: int) -> tuple[int, ...]:
    try:
        line = _IDS.search(Path(f"/proc/{pid}/status").read_bytes())
    except OSError:
        return ()
    return tuple(map(int, line[1].split())) if line else ()
