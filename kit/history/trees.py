"""A folder that holds the files of one commit after another; a step writes only what differs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from kit.history.commits import Blob, Commits, UnreadableCommitError

#: no path of a commit may lead there
_FORBIDDEN = frozenset({"", ".", "..", ".git"})


class CommitTree:
    """The files of a commit below ``root``, as far as ``wanted`` chooses them. Other files there stay as they are."""

    def __init__(
        self,
        commits: Commits,
        root: Path,
        wanted: Callable[[Mapping[str, int]], Iterable[str]] | None = None,
        *,
        replacing: Iterable[str] = (),
    ) -> None:
        """``wanted`` gets the paths of a commit with their sizes. ``replacing`` are the paths of files that are there
        already, and that a commit without them lacks.
        """
        self.root = root
        self._commits, self._wanted = commits, wanted
        self._there: dict[str, Blob | None] = dict.fromkeys(replacing)

    def go_to(self, commit: str, extra: Mapping[str, Blob] | None = None) -> tuple[str, ...]:
        """Write what differs from the files that are there, and return its paths. ``extra`` are files of another
        commit that are laid over it. Raises :class:`UnreadableCommitError`, and writes nothing, where git lacks a file.
        """
        found = {path: blob for path, blob in self._commits.files(commit).items() if _is_inside(path)}
        if self._wanted is not None:
            paths = self._wanted({path: blob.size for path, blob in found.items() if not blob.is_link})
            found = {path: found[path] for path in paths}
        files: dict[str, Blob] = {**found, **(extra or {})}
        gone = [path for path in self._there if path not in files]
        new = [path for path, blob in files.items() if self._there.get(path) != blob]
        contents = dict(self._commits.contents(files[path].id for path in new))
        if any(files[path].id not in contents for path in new):
            raise UnreadableCommitError(commit)
        for path in gone:
            if _is_reached(self.root, path):
                _remove(self.root / path)
        for path in new:
            _write(self.root, path, files[path], contents[files[path].id])
        self._there = dict(files)
        return (*gone, *new)

    @property
    def blobs(self) -> dict[str, str]:
        """The id of the content of each file of the commit that is there."""
        return {path: blob.id for path, blob in self._there.items() if blob is not None}


def _is_inside(path: str) -> bool:
    return _FORBIDDEN.isdisjoint(path.split("/"))


def _is_reached(root: Path, path: str) -> bool:
    """Whether all folders on the way to a path are folders: a link may lead out of the tree."""
    folder = root
    for part in path.split("/")[:-1]:
        folder = folder / part
        if folder.is_symlink() or not folder.is_dir():
            return False
    return True


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _write(root: Path, path: str, blob: Blob, content: bytes) -> None:
    """Write a file. A link on the way to it is replaced by a folder: it may lead out of the tree."""
    folder = root
    for part in path.split("/")[:-1]:
        folder = folder / part
        if folder.is_symlink() or not folder.is_dir():
            folder.unlink(missing_ok=True)
            folder.mkdir()
    file = root / path
    _remove(file)
    if blob.is_link:
        file.symlink_to(os.fsdecode(content))
    else:
        file.write_bytes(content)
        file.chmod(0o755 if blob.is_program else 0o644)
