"""Copies a source tree so that a process in the copy finds everything that it would have found in the tree."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from kit.facts.errors import TargetError
from kit.target.copy_progress import CopyProgress, check_size
from kit.target.copying_files import copy_file, keep_mode_and_times
from kit.target.folders import CACHES, REMADE, REPOSITORIES, entries_of, is_environment
from kit.target.repositories import repoint

#: a version-control folder above this size is left out, in bytes
SMALL_REPOSITORY = 5_000_000

#: what a link outside the tree points to is copied up to this size and number of entries; above, it stays a link
SMALL_ELSEWHERE = 64_000_000
FEW_ELSEWHERE = 5_000

_DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class TreeChanges:
    """The files and links of a tree that changed: sorted paths, relative to its root."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.added, *self.changed, *self.removed)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def then(self, later: TreeChanges) -> TreeChanges:
        """These changes and later ones as one."""
        added, changed, removed = set(self.added), set(self.changed), set(self.removed)
        back = removed & set(later.added)
        return TreeChanges(
            added=tuple(sorted((added - set(later.removed)) | (set(later.added) - back))),
            changed=tuple(sorted(((changed - set(later.removed)) | set(later.changed) | back) - added)),
            removed=tuple(sorted((removed - back) | (set(later.removed) - added))),
        )


@dataclass(frozen=True)
class _Entry:
    """An entry of the tree. ``source`` is the real path of a file or folder, or the text of the link in the copy. A
    different ``mark`` means that the entry has changed.
    """

    kind: Literal["file", "folder", "link"]
    source: str
    mark: tuple[int, ...] = ()
    #: what the file takes on the disk: a sparse one less than its size
    bytes: int = field(default=0, compare=False)


def copy_tree(source: Path, to: Path) -> None:
    """Copy the folder ``source`` to ``to``, which must not exist yet.

    Modes and times are kept; extended attributes are not, as no repository and no archive of sources holds them. Left
    out are environments, caches, large repositories, what is not a file (sockets, pipes, devices) and what cannot be
    read. A link keeps pointing to the same thing inside the copy; what it points to outside the tree is copied when it
    is small. Raises :class:`TargetError` when there is no room.
    """
    TreeCopy(source, to).sync()


class TreeCopy:
    """A copy of a tree (see :func:`copy_tree`) that can be brought up to date. It is made by the first :meth:`sync`."""

    def __init__(self, source: Path, root: Path) -> None:
        self.root = root
        self._source = source.resolve()
        self._known: dict[str, _Entry] = {}
        self._progress = CopyProgress(0)
        #: left out of the copy, though processes may need it: environments, large repositories, installed packages
        self.left_out: tuple[str, ...] = ()
        #: the places outside of the tree that links lead to and that are too large to be copied
        self.outside: tuple[str, ...] = ()

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that were copied, where they really are."""
        inside = (entry.source for entry in self._known.values() if entry.kind == "folder")
        return (str(self._source), *inside)

    def sync(self) -> TreeChanges:
        """Bring the copy up to date with the tree, and return what changed there: kit compares size, time and mode.

        What others have written into the copy stays, unless the tree has changed it since. Raises
        :class:`TargetError` when there is no room.
        """
        try:
            # the tree is looked at before anything is copied: what changes meanwhile will be seen the next time
            walk = _Walk(self._source, self.root)
            found = dict(walk.entries())
            self.left_out, self.outside = tuple(walk.left_out), tuple(walk.outside)
            return self._apply(found)
        except OSError as error:
            raise TargetError(
                f"{self._source} cannot be copied to {self.root.parent}: {error.strerror}; "
                "make room, or set TMPDIR to another folder."
            ) from error

    def _apply(self, found: dict[str, _Entry]) -> TreeChanges:
        known = self._known
        gone = [path for path in known if path not in found]
        new = [path for path, entry in found.items() if known.get(path) != entry]
        self.root.mkdir(exist_ok=True)
        is_new = not any(self.root.iterdir())
        size = sum(found[path].bytes for path in new)
        check_size(self._source, size)
        self._progress = CopyProgress(size)
        touched = {path.rpartition("/")[0] for path in gone + new}
        for path in reversed(gone):  # what is in a folder goes before it
            self._remove(path, known[path])
        for path in new:
            if found[path].kind == "folder":
                touched.add(path)
            if not self._put(path, found[path], is_new):
                del found[path]
        self._progress.end()
        for folder in sorted(touched, reverse=True):  # only when nothing is written into it any more
            self._finish(folder, found)
        self._known = found
        return _changes(known, found)

    def _put(self, path: str, entry: _Entry, is_new: bool) -> bool:
        """Copy one entry; whether it could be. In a new copy nothing is in the way."""
        to = f"{self.root}/{path}"
        try:
            if not is_new:
                _make_room(Path(to), entry)
            if entry.kind == "file":
                copy_file(entry.source, to, self._progress.add)
                repoint(path, Path(to), self.root)
            elif entry.kind == "link":
                os.symlink(entry.source, to)  # noqa: PTH211  # here and below: paths take twice the time
            elif not os.path.isdir(to):  # noqa: PTH112
                os.mkdir(to)  # noqa: PTH102
        except OSError as error:
            if error.errno in _DISK_IS_FULL:
                raise
            return False
        return True

    def _remove(self, path: str, entry: _Entry) -> None:
        to = self.root / path
        with contextlib.suppress(OSError):  # it is gone, or a folder that others have written into
            _open_up(to.parent)
            if entry.kind == "folder":
                to.rmdir()
            else:
                to.unlink()

    def _finish(self, folder: str, found: dict[str, _Entry]) -> None:
        source = found[folder].source if folder in found else str(self._source) if not folder else None
        if source is not None:
            with contextlib.suppress(FileNotFoundError):  # gone meanwhile
                keep_mode_and_times(os.stat(source), f"{self.root}/{folder}")  # noqa: PTH116


def _changes(known: dict[str, _Entry], found: dict[str, _Entry]) -> TreeChanges:
    before = {path: entry for path, entry in known.items() if entry.kind != "folder"}
    now = {path: entry for path, entry in found.items() if entry.kind != "folder"}
    return TreeChanges(
        added=tuple(sorted(now.keys() - before.keys())),
        changed=tuple(sorted(path for path in now.keys() & before.keys() if now[path] != before[path])),
        removed=tuple(sorted(before.keys() - now.keys())),
    )


def _make_room(to: Path, entry: _Entry) -> None:
    """Remove what is in the way of an entry that is about to be written."""
    _open_up(to.parent)
    if to.is_symlink() or not to.is_dir():
        to.unlink(missing_ok=True)
    elif entry.kind != "folder":
        shutil.rmtree(to)


def _open_up(folder: Path) -> None:
    """Let this process write into a folder; the folder gets its own mode back at the end of :meth:`TreeCopy.sync`."""
    if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
        folder.chmod(stat.S_IRWXU)


class _Walk:
    """One walk through a tree. The many paths are strings: that takes half the time of paths."""

    def __init__(self, source: Path, to: Path) -> None:
        self._source = source
        self._to = to
        self.left_out: list[str] = []
        self.outside: list[str] = []
        self._elsewhere: set[Path] = set()  # folders outside the tree that were copied: each once, since links may loop

    def entries(self) -> Iterator[tuple[str, _Entry]]:
        """Everything that belongs into the copy, by its path there; a folder before what is in it."""
        folders = [(str(self._source), "")]
        for folder, path in folders:  # grows while it is walked
            for entry in entries_of(folder):
                found = self._entry(entry)
                if found is None and entry.name not in REMADE:
                    self.left_out.append(f"{path}{entry.name}")
                if found is not None:
                    yield f"{path}{entry.name}", found
                    if found.kind == "folder":
                        folders.append((found.source, f"{path}{entry.name}/"))

    def _entry(self, entry: os.DirEntry[str]) -> _Entry | None:
        with contextlib.suppress(OSError):
            if entry.is_symlink():
                return self._link(Path(entry.path))
            if entry.is_file(follow_symlinks=False):
                # the file `.git` of a work tree points to the real repository
                return None if entry.name in REPOSITORIES else _file(entry.path, entry.stat())
            if entry.is_dir(follow_symlinks=False) and _is_wanted(entry):
                return _Entry("folder", entry.path, (entry.stat().st_mode,))
        return None

    def _link(self, link: Path) -> _Entry:
        text = link.readlink()
        pointed = Path(os.path.normpath(link.parent / text))
        real = Path(os.path.realpath(link))  # never raises, also when links go in a circle
        if pointed.is_relative_to(self._source):
            return _Entry("link", str(self._in_copy(pointed) if text.is_absolute() else text))
        if real.is_relative_to(self._source):
            return _Entry("link", str(self._in_copy(real)))
        if real.is_file() and real.stat().st_size <= SMALL_ELSEWHERE:
            return _file(str(real), real.stat())
        if real.is_dir() and real not in self._elsewhere and _is_small(str(real)):
            self._elsewhere.add(real)
            return _Entry("folder", str(real), (real.stat().st_mode,))
        if real.exists():
            self.outside.append(str(real))
        return _Entry("link", str(real))

    def _in_copy(self, path: Path) -> Path:
        return self._to / path.relative_to(self._source)


def _file(path: str, status: os.stat_result) -> _Entry:
    return _Entry("file", path, (status.st_size, status.st_mtime_ns, status.st_mode), _disk_bytes(status))


def _disk_bytes(status: os.stat_result) -> int:
    return min(status.st_size, getattr(status, "st_blocks", status.st_size) * 512)


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
