"""What the system says about one process, where it says such things."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

import psutil

from kit.platform.abilities import IS_LINUX

#: how often one may ask what is below a process, in seconds: where the kernel has no list of that, all processes of the
#: machine are looked at, which takes milliseconds
LISTING_S = 0.1 if IS_LINUX else 0.5

_IDS = re.compile(rb"^NSpid:\s+(.*)$", re.MULTILINE)


def oom_mark(pid: int) -> str | None:
    """The ``oom_score_adj`` of a process, which its descendants inherit; ``None`` where there is none."""
    data = _file_of(pid, "oom_score_adj")
    return None if data is None else data.decode().strip()


def image_of(pid: int) -> bytes:
    """The same in a process and its forks, another one after an ``exec``; ``b""`` where that is unknown."""
    return _file_of(pid, "auxv") or b""


def inner_pid(pid: int) -> int:
    """The id that a process in a PID namespace has for itself; ``pid`` where that is unknown."""
    ids = _ids(pid)
    return ids[-1] if ids else pid


def outer_pid(inner: int, among: Iterable[int]) -> int:
    """The id, as seen from here, of the one of these processes that calls itself ``inner``; ``inner`` if none does."""
    found = [(len(ids), pid) for pid in among if (ids := _ids(pid)) and ids[-1] == inner]
    return min(found)[1] if found else inner  # a test may have made more namespaces, in which ids begin anew


def seen_by(pid: int, path: Path) -> Path:
    """The way to what this process sees at an absolute path, where others can see it: Linux shows that."""
    return Path(f"/proc/{pid}/root{path}")


def paths_in_use(pids: Iterable[int]) -> frozenset[Path]:
    """The folders that these processes work in, the files that they have open, and the folders of these."""
    found: set[Path] = set()
    for pid in pids:
        with contextlib.suppress(psutil.Error, OSError):
            process = psutil.Process(pid)
            files = [Path(one.path) for one in process.open_files()]
            found.update(files, (one.parent for one in files), [Path(process.cwd())])
    return frozenset(found)


def group_members(leader: int, pids: Iterable[int]) -> list[int]:
    """Those of these processes that belong to the group or the session of ``leader``; none where there are neither."""
    members: list[int] = []
    if not hasattr(os, "getsid"):
        return members
    for pid in pids:
        try:
            if leader in (os.getpgid(pid), os.getsid(pid)):
                members.append(pid)
        except OSError:
            continue  # gone meanwhile
    return members


def _ids(pid: int) -> tuple[int, ...]:
    line = _IDS.search(_file_of(pid, "status") or b"")
    return tuple(map(int, line[1].split())) if line else ()


def _file_of(pid: int, name: str) -> bytes | None:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return None
