"""What the real tree, its repository and its environment are like, so that any change is noticed.

Every entry is known by what ``lstat`` says: kind, mode, owner, size, and when its data and the entry itself changed.
The last one cannot be set by a program, so a change of the data whose time and size were put back is noticed without
reading a byte. Of an environment that no process of the target can reach, only the packages are looked at: this takes a
hundredth of the time, and shows what was installed or removed by others. Byte code that any process writes beside
unchanged source of the environment does not count (see :mod:`kit.target.compiled`).
"""

from __future__ import annotations

import contextlib
import os
import stat
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kit.facts.target import Target
from kit.platform.environments import SCRIPTS, site_packages_of
from kit.platform.paths import HERE
from kit.platform.temporary_folders import temporary_folder
from kit.target.compiled import is_bytecode_folder, is_harmless_bytecode
from kit.target.folders import environment_of
from kit.target.repositories import find_repository

#: no more entries than these are looked at: beyond, changes are found only in what was looked at
MOST_ENTRIES = 300_000

#: the largest index of git that is compared by its entries, in bytes: ``git status`` writes the file again
_MOST_INDEX = 8_000_000

_GIT_LIMIT = 10.0

#: mode, owner, group, size, time of change of the data, number of the file, time of change of the entry, links
_Mark = tuple[int, int, int, int, int, int, int, int]

How = Literal["added", "removed", "changed", "mode changed", "time changed"]


@dataclass(frozen=True)
class Difference:
    """``path`` (absolute) is not what it was; ``at`` is when it changed, in seconds since 1970."""

    path: str
    how: How
    at: float


class Fingerprint:
    """The state of the real things that belong to a target, taken when this is made."""

    def __init__(self, target: Target, outside: Iterable[str] = (), *, is_covered: bool = False) -> None:
        """``outside`` are more files and folders; ``is_covered``: processes of the target cannot reach any of it."""
        self._left = MOST_ENTRIES
        self._places = [str(target.path.resolve()), *_repository(target, is_covered=is_covered)]
        self._tops: list[str] = []  # folders of which only the entries are looked at
        self._skipped: str | None = None
        self._is_covered = is_covered
        executable = target.interpreter.executable if target.interpreter else None
        prefix = environment_of(executable) if executable else None
        self._environment = f"{HERE.recorded(str(prefix))}/" if prefix else None
        if is_covered:
            self._tops = [*outside, *(_tops(prefix) if prefix else ())]
            self._skipped = str(prefix) if prefix else None
        else:
            self._places += [*outside, *([str(prefix)] if prefix else ())]
        self._marks = dict(self._look())
        self._indexes = {path: _read(path) for path in self._marks if path.endswith("/index") and "/.git/" in path}

    @property
    def is_complete(self) -> bool:
        """Whether every entry was looked at."""
        return self._left > 0

    def differences(self) -> tuple[Difference, ...]:
        """What has changed since, sorted by path. A folder whose entries changed is not named besides them."""
        self._left = MOST_ENTRIES
        now = dict(self._look())
        found = [
            _difference(path, self._marks.get(path), now.get(path))
            for path in self._marks.keys() | now.keys()
            if _is_other(self._marks.get(path), now.get(path))
        ]
        named = {one.path.rpartition("/")[0] for one in found if one.how in ("added", "removed")}
        counting = [one for one in found if self._counts(one, named) and not self._is_bytecode(one, now)]
        return tuple(sorted(counting, key=lambda one: one.path))

    def _is_bytecode(self, one: Difference, now: Mapping[str, _Mark]) -> bool:
        """Whether it is byte code of what is installed in the environment: any process that imports it writes some."""
        if not self._environment or not one.path.startswith(self._environment):
            return False
        if self._is_covered and one.how == "time changed":
            return True  # a folder of a package whose insides are not looked at: an installation shows by its metadata
        if is_bytecode_folder(one.path):
            return one.how in ("added", "time changed")
        return is_harmless_bytecode(
            one.path, lambda source: source in now and not _is_other(self._marks.get(source), now[source])
        )

    def _counts(self, one: Difference, named: set[str]) -> bool:
        if one.how == "time changed" and (one.path in named or f"{one.path}/".find("/.git/") >= 0):
            return False  # something in it came or went; in a repository also a lock that is gone again
        before = self._indexes.get(one.path)
        return before is None or one.how == "removed" or _listed(before) != _listed(_read(one.path))

    def _look(self) -> Iterator[tuple[str, _Mark]]:
        seen: set[str] = set()
        for place in (*self._places, *self._tops):
            with contextlib.suppress(OSError):
                yield place, _mark(os.lstat(place))
        for place in self._places:
            folders = [place]
            for folder in folders:  # grows while it is walked
                if folder not in seen and folder != self._skipped:
                    seen.add(folder)
                    yield from self._entries(folder, folders)
        for place in self._tops:
            yield from self._entries(place, [])

    def _entries(self, folder: str, folders: list[str]) -> Iterator[tuple[str, _Mark]]:
        """The entries of one folder; the folders among them are added to ``folders``."""
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if self._left <= 0:
                    return
                self._left -= 1
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                with contextlib.suppress(OSError):
                    yield HERE.recorded(entry.path), _mark(entry.stat(follow_symlinks=False))


def _tops(prefix: Path) -> list[str]:
    """The folders of an environment that tell which packages it has."""
    return [str(folder) for folder in (prefix, prefix / SCRIPTS, *site_packages_of(prefix))]


def _repository(target: Target, *, is_covered: bool) -> list[str]:
    """What is looked at of a repository outside the tree. Others work there too: where the target's processes cannot
    reach it, another branch is not looked at.
    """
    root = target.path.resolve()
    repository = find_repository(root)
    if repository is None or repository.folders[-1].is_relative_to(root):
        return []
    own, common = repository.folders[0], repository.folders[-1]
    parts = ["config", "hooks"] if is_covered else ["config", "hooks", "refs", "packed-refs"]
    places = [*(own / name for name in ("HEAD", "index")), *(common / part for part in parts)]
    with contextlib.suppress(OSError):
        label, _, branch = (own / "HEAD").read_text(encoding="utf-8").strip().partition("ref: ")
        places += [common / branch] if branch and not label else []
    return list(dict.fromkeys(map(str, places)))


def _mark(status: os.stat_result) -> _Mark:
    is_folder = stat.S_ISDIR(status.st_mode)
    return (
        status.st_mode,
        status.st_uid,
        status.st_gid,
        0 if is_folder else status.st_size,
        status.st_mtime_ns,
        status.st_ino,
        status.st_ctime_ns,
        0 if is_folder else status.st_nlink,
    )


def _is_other(before: _Mark | None, now: _Mark | None) -> bool:
    if before is None or now is None:
        return before is not now
    if before[:6] != now[:6]:
        return True
    return before[6] != now[6] and before[7] == now[7]  # another tool may have made a hard link to it


def _difference(path: str, before: _Mark | None, now: _Mark | None) -> Difference:
    if now is None or before is None:
        return Difference(path, "removed" if now is None else "added", _changed_at(path, now))
    if before[3] != now[3] or before[5] != now[5] or stat.S_IFMT(before[0]) != stat.S_IFMT(now[0]):
        return Difference(path, "changed", now[6] / 1e9)
    if before[:3] != now[:3]:
        return Difference(path, "mode changed", now[6] / 1e9)
    how: How = "changed" if before[4] != now[4] and not stat.S_ISDIR(now[0]) else "time changed"
    return Difference(path, how, now[6] / 1e9)


def _changed_at(path: str, now: _Mark | None) -> float:
    """When an entry was added or removed; for a removed one, the change of the folder that it was in."""
    while now is None and path != "/":
        path = path.rpartition("/")[0] or "/"
        with contextlib.suppress(OSError):
            now = _mark(os.lstat(path))
    return now[6] / 1e9 if now else 0.0


def _read(path: str) -> bytes:
    with contextlib.suppress(OSError):
        if os.path.getsize(path) <= _MOST_INDEX:  # noqa: PTH202
            return Path(path).read_bytes()
    return b""


def _listed(index: bytes) -> bytes:
    """The files that an index lists, without the times that it stores for them."""
    with temporary_folder() as folder:  # git of Windows opens no file that is open here
        copy, empty = Path(folder, "index"), Path(folder, "repository")
        copy.write_bytes(index)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        try:
            subprocess.run(["git", "init", "-q", "--bare", empty], check=True, timeout=_GIT_LIMIT, env=environment)
            return subprocess.run(
                ["git", "--git-dir", empty, "ls-files", "--stage"],
                env=environment | {"GIT_INDEX_FILE": str(copy)},
                capture_output=True,
                check=True,
                timeout=_GIT_LIMIT,
            ).stdout
        except (OSError, subprocess.SubprocessError):
            return index
