"""Copying a source tree so that what runs in the copy finds what it would have found in the tree."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from kit.facts.errors import TargetError
from kit.target.folders import CACHES, REPOSITORIES, entries_of, is_environment

#: a version-control folder above this size is left out, in bytes
SMALL_REPOSITORY = 5_000_000

#: what a link outside the tree points to is copied up to this size and number of entries; above, it stays a link
SMALL_ELSEWHERE = 64_000_000
FEW_ELSEWHERE = 5_000

_DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT)


def copy_tree(source: Path, to: Path) -> None:
    """Copy the folder ``source`` to ``to``, which must not exist yet.

    Modes and times are kept. Left out are environments, caches, large repositories, what is not a file (sockets,
    pipes, devices) and what cannot be read. A link keeps pointing to the same thing inside the copy; what it points to
    outside the tree is copied when it is small. Raises :class:`TargetError` when there is no room.
    """
    try:
        _Copy(source.resolve(), to).run()
    except OSError as error:
        raise TargetError(
            f"{source} cannot be copied to {to.parent}: {error.strerror}; make room, or set TMPDIR to another folder."
        ) from error


class _Copy:
    """One copy in the making. The many paths of the walk are strings: that takes half the time of paths."""

    def __init__(self, source: Path, to: Path) -> None:
        self._source = source
        self._to = to
        self._elsewhere: set[Path] = set()  # folders outside the tree that were copied: each once, since links may loop

    def run(self) -> None:
        folders = [(str(self._source), str(self._to))]
        for folder, copy in folders:  # grows while it is walked
            Path(copy).mkdir()
            folders += self._copy_entries(folder, copy)
        for folder, copy in reversed(folders):  # only when nothing is written into it any more: it may be read-only
            shutil.copystat(folder, copy)

    def _copy_entries(self, folder: str, copy: str) -> list[tuple[str, str]]:
        """Copy files and links; return the folders that remain to be copied."""
        remaining = []
        for entry in entries_of(folder):
            to = f"{copy}/{entry.name}"
            try:
                if entry.is_symlink():
                    remaining += self._copy_link(Path(entry.path), Path(to))
                elif entry.is_file(follow_symlinks=False):
                    if entry.name not in REPOSITORIES:  # the file `.git` of a work tree points to the real repository
                        shutil.copy2(entry.path, to)
                elif entry.is_dir(follow_symlinks=False) and _is_wanted(entry):
                    remaining.append((entry.path, to))
            except OSError as error:
                if error.errno in _DISK_IS_FULL:
                    raise
        return remaining

    def _copy_link(self, link: Path, to: Path) -> list[tuple[str, str]]:
        text = link.readlink()
        pointed = Path(os.path.normpath(link.parent / text))
        real = Path(os.path.realpath(link))  # never raises, also when links go in a circle
        if pointed.is_relative_to(self._source):
            to.symlink_to(self._in_copy(pointed) if text.is_absolute() else text)
        elif real.is_relative_to(self._source):
            to.symlink_to(self._in_copy(real))
        elif real.is_file() and real.stat().st_size <= SMALL_ELSEWHERE:
            shutil.copy2(real, to)
        elif real.is_dir() and real not in self._elsewhere and _is_small(str(real)):
            self._elsewhere.add(real)
            return [(str(real), str(to))]
        else:
            to.symlink_to(real)
        return []

    def _in_copy(self, path: Path) -> Path:
        return self._to / path.relative_to(self._source)


def _is_wanted(entry: os.DirEntry[str]) -> bool:
    if entry.name in CACHES or is_environment(entry.path):
        return False
    return entry.name not in REPOSITORIES or _is_small(entry.path, SMALL_REPOSITORY)


def _is_small(folder: str, limit: int = SMALL_ELSEWHERE) -> bool:
    """Whether a folder holds few entries and few bytes; looks no further than it has to."""
    size = count = 0
    folders = [folder]
    for current in folders:
        for entry in entries_of(current):
            count += 1
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            elif entry.is_file(follow_symlinks=False):
                size += entry.stat(follow_symlinks=False).st_size
            if size > limit or count > FEW_ELSEWHERE:
                return False
    return True
