"""What a scratch copy was like at one moment, so that it can be made so again after tests have written into it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from kit.platform.temporary_folders import remove_tree
from kit.target.folders import REPOSITORIES

#: what stands only in the copy is kept up to this size in all, in bytes; above, it stays as tests leave it
_MOST_KEPT = 64_000_000

#: a larger file is known by its size and time of change, in bytes: to read it would take longer than to run tests
_MOST_READ = 4_000_000

#: of a file the size and the time of change in ns, of a link what stands in it
_State = tuple[int, int] | str


class Snapshot:
    """The files of the copy at ``root`` of the tree ``source`` as they are now."""

    def __init__(self, source: Path, root: Path) -> None:
        self._source, self._root = str(source), str(root)
        self._states, folders = _seen(self._root)
        self._folders = frozenset(folders)
        self._kept: dict[str, bytes] = {}
        self._made: set[str] = set()  # what only the copy has
        left = _MOST_KEPT
        for path, state in self._states.items():
            in_source = self._state(self._source, path)
            if in_source is None:
                self._made.add(path)
            if not isinstance(state, str) and state[0] <= left and in_source != state:
                with contextlib.suppress(OSError):
                    self._kept[path] = Path(self._root, path).read_bytes()
                    left -= state[0]

    def changed(self) -> frozenset[str]:
        """The paths of the files that are other ones by now, or new, or gone, relative to the root."""
        return frozenset(path for path, _ in _seen(self._root)[0].items() ^ self._states.items())

    def restore(self) -> frozenset[str]:
        """Restore the files: put back what was changed or removed, and remove what is new. Returns the paths of all of
        these, relative to the root.
        """
        now, folders = _seen(self._root)
        changed = frozenset(path for path, _ in now.items() ^ self._states.items())
        for path in now.keys() - self._states.keys():
            with contextlib.suppress(OSError):
                Path(self._root, path).unlink()
        self._remove_new(folders)
        for path, state in tuple(self._states.items()):
            if now.get(path) != state:
                with contextlib.suppress(OSError):
                    self._put_back(path, state)
                if self._state(self._root, path) != state:  # too large to be kept: not reported again
                    self._forget(path, now.get(path))
        self._make_again(folders)
        return changed

    def digests(self) -> dict[str, bytes]:
        """Stands for the content of each file at that moment, by path, whatever tests have done to it since. What only
        the copy had is left out: it was made of the others, and may hold a time or a number of a process.
        """
        found = {path: state for path, state in self._states.items() if path not in self._made}
        return {path: self._digest(path, state) for path, state in found.items()}

    def _digest(self, path: str, state: _State) -> bytes:
        content = self._kept.get(path)
        if isinstance(state, str):
            content = state.removeprefix(self._root).encode("utf-8", "surrogateescape")
        elif content is None and state[0] <= _MOST_READ:
            with contextlib.suppress(OSError):
                folders = (one for one in (self._root, self._source) if self._state(one, path) == state)
                content = next((Path(folder, path).read_bytes() for folder in folders), None)
        if content is None:
            content = repr(state).encode()
        return hashlib.sha1(content, usedforsecurity=False).digest()

    def _remove_new(self, folders: Iterable[str]) -> None:
        """Remove the folders that were not there: a test may want to make them anew. What was compiled stays."""
        for folder in sorted(set(folders) - self._folders):
            above = folder.removesuffix("__pycache__/")
            is_compiled = above != folder and above in {"", *self._folders}
            if not is_compiled:
                remove_tree(Path(self._root, folder))

    def _make_again(self, folders: Iterable[str]) -> None:
        """Make the folders again that are gone: they may be empty."""
        for folder in sorted(self._folders - set(folders)):
            if PurePosixPath(folder).name not in REPOSITORIES:
                with contextlib.suppress(OSError):
                    Path(self._root, folder).mkdir(exist_ok=True)

    def _forget(self, path: str, state: _State | None) -> None:
        del self._states[path]
        if state is not None:
            self._states[path] = state

    def _put_back(self, path: str, state: _State) -> None:
        to = Path(self._root, path)
        if _leads_elsewhere(to):
            to.unlink()
        if isinstance(state, str):
            to.parent.mkdir(parents=True, exist_ok=True)
            to.unlink(missing_ok=True)
            to.symlink_to(state)
        elif path in self._kept:
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(self._kept[path])
            os.utime(to, ns=(state[1], state[1]))
        elif self._state(self._source, path) == state:
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(Path(self._source, path), to)

    def _state(self, folder: str, path: str) -> _State | None:
        place = f"{folder}/{path}"  # of every file: paths take twice the time
        try:
            if stat.S_ISLNK((status := os.lstat(place)).st_mode):
                return os.readlink(place)  # noqa: PTH115
        except OSError:
            return None
        return status.st_size, status.st_mtime_ns


def _leads_elsewhere(path: Path) -> bool:
    """Whether what is written to it arrives in another file: it is a link, symbolic or hard. Any other file is written
    in its place, as a process may have it open.
    """
    with contextlib.suppress(FileNotFoundError):
        status = path.lstat()
        return stat.S_ISLNK(status.st_mode) or (stat.S_ISREG(status.st_mode) and status.st_nlink > 1)
    return False


def _seen(root: str) -> tuple[dict[str, _State], list[str]]:
    """The state of each file below ``root``, and the folders: no repository is looked into. A large tree is walked once
    for each re-run.
    """
    files: dict[str, _State] = {}
    folders, repositories = [""], list[str]()
    for folder in folders:  # grows while it is walked
        has_bytecode = "/__pycache__/" in f"/{folder}"
        with contextlib.suppress(OSError), os.scandir(f"{root}/{folder}") as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    (repositories if entry.name in REPOSITORIES else folders).append(f"{folder}{entry.name}/")
                elif entry.is_symlink():
                    files[f"{folder}{entry.name}"] = os.readlink(entry.path)  # noqa: PTH115
                elif not has_bytecode and entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    files[f"{folder}{entry.name}"] = status.st_size, status.st_mtime_ns
    return files, [*folders[1:], *repositories]
