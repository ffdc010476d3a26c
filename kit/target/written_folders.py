"""Folders outside of the tree that tests leave files in, and how they are made again what they were at one moment."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kit.platform.process_facts import seen_by
from kit.platform.temporary_folders import remove_tree
from kit.target.sandbox.seen import plan_of
from kit.target.scratch import TEMPORARY, area_of

#: of one folder, files up to this size in all are kept, or copied from what lies below it, in bytes
_MOST_KEPT = 64_000_000

#: stand for a folder, and for a link to what follows
_FOLDER, _LINK = "folder", "link "

#: of a file the size and the time of change in ns, of a link what stands in it, of anything else its kind
_State = tuple[int, int] | str


@dataclass
class WrittenFolder:
    """What lies in the folder ``place``.

    Where an overlay covers it, ``changes`` has what was written into the overlay, which alone is looked through, and
    ``below`` is the folder that it covers. Both are seen from outside of the sandbox, and ``place`` from inside.
    """

    place: Path
    changes: Path | None = None
    below: Path | None = None
    _states: dict[str, _State] = field(default_factory=dict)
    _kept: dict[str, bytes] = field(default_factory=dict)

    @property
    def _seen_at(self) -> Path:
        """The path that the target's processes have for it."""
        return self.below or self.place

    @property
    def _is_mounted(self) -> bool:
        """Whether what is written at ``place`` arrives in the overlay, if there is one, and not in what it covers."""
        if self.below is None:
            return True
        with contextlib.suppress(OSError):
            return self.place.stat().st_dev != self.below.stat().st_dev
        return False

    def states(self) -> dict[str, _State]:
        """What is there, by its path in the folder: a folder comes before what it has."""
        return dict(_walk(str(self.changes or self.place)))

    def keep(self, before: dict[str, _State]) -> None:
        """What is there now and was not there ``before`` belongs there from now on, as it is."""
        left = _MOST_KEPT - sum(map(len, self._kept.values()))
        for path, state in self.states().items():
            if before.get(path) != state:
                self._states[path] = state
                if isinstance(state, tuple) and state[0] <= left:
                    with contextlib.suppress(OSError):
                        self._kept[path] = Path(self.changes or self.place, path).read_bytes()
                        left -= state[0]

    def changed(self) -> Iterator[str]:
        """The paths of what is new, gone, or another one than it was."""
        now = self.states()
        for path in sorted(now.keys() | self._states.keys()):  # a folder before what it has
            if now.get(path) != self._states.get(path) and not self._is_as_below(path):
                yield path
        yield from self._hidden(now)

    def restore(self, used: Iterable[Path]) -> None:
        """Make it what it was, except what lies in ``used`` folders, or has such files or folders in it."""
        if not self._is_mounted:
            return
        inside = [path for path in used if self._seen_at in path.parents]
        removed: set[str] = set()
        for path in list(self.changed()):
            place = self._seen_at / path
            if path.rpartition("/")[0] in removed:
                removed.add(path)
            elif not any(place.is_relative_to(one) or one.is_relative_to(place) for one in inside):
                with contextlib.suppress(OSError):
                    self._settle(path)
                    if path not in self._states and _state(self.place / path) is None:
                        removed.add(path)

    def _hidden(self, now: dict[str, _State]) -> Iterator[str]:
        """What lies below the overlay in a folder that was removed and made anew: no entry says that it is gone."""
        if self.below is None:
            return
        for folder in [path for path, state in now.items() if state == _FOLDER and path not in self._states]:
            with contextlib.suppress(OSError):
                below, here = ({one.name for one in (top / folder).iterdir()} for top in (self.below, self.place))
                hidden = (f"{folder}/{name}" for name in sorted(below - here))
                yield from (path for path in hidden if path not in now)

    def _is_as_below(self, path: str) -> bool:
        """Whether it belongs to what the overlay covers, and is as it is there."""
        if self.below is None or path in self._states:
            return False
        state = _state(self.below / path)
        return state is not None and state == _state(self.place / path)

    def _settle(self, path: str) -> None:
        """Put back what belongs there, or remove what does not."""
        to, source = self.place / path, self.below
        if path in self._states:
            self._put_back(path, to, self._states[path])
        elif source is not None and _state(source / path) is not None:
            _copy(source / path, to)
        else:
            _remove(to)

    def _put_back(self, path: str, to: Path, state: _State) -> None:
        if state == _FOLDER:
            if _state(to) != _FOLDER:
                _remove(to)
                to.mkdir()
        elif isinstance(state, str):
            _remove(to)
            if state.startswith(_LINK):
                to.symlink_to(state.removeprefix(_LINK))
        elif path in self._kept:
            if not isinstance(_state(to), tuple) or to.lstat().st_nlink > 1:
                _remove(to)
            to.write_bytes(self._kept[path])  # in its place: the process that has collected may have it open
            os.utime(to, ns=(state[1], state[1]))


def temporary_files(root: Path) -> tuple[WrittenFolder, ...]:
    """The folder for temporary files of the scratch copy at ``root``; any other root has none of its own."""
    area = area_of(root)
    return () if area is None else (WrittenFolder(area / TEMPORARY),)


def covered_folders(root: Path, guard: int, pid: int) -> tuple[WrittenFolder, ...]:
    """The folders that overlays cover in the sandbox of the process ``pid`` below this guard: those of the user, and
    what is around the tree. There are none where the sandbox of the copy at ``root`` covers nothing.
    """
    plan = plan_of(root)
    mounts = enumerate(plan.mounts if plan.protection.covers else ())
    overlays = [(number, mount) for number, mount in mounts if mount.kind == "overlay"]
    return tuple(
        WrittenFolder(seen_by(pid, mount.place), room / "changes", mount.place)
        for number, mount in overlays
        for room in mount.source.glob(f"{guard}-{number}-*")
    )


def _walk(top: str) -> Iterator[tuple[str, _State]]:
    folders = [""]
    for folder in folders:  # grows while it is walked
        with contextlib.suppress(OSError), os.scandir(f"{top}/{folder}") as entries:
            for entry in entries:
                path = f"{folder}{entry.name}"
                state = _state(entry.path)
                if state is not None:
                    yield path, state
                if state == _FOLDER:
                    folders.append(f"{path}/")


def _state(path: str | Path) -> _State | None:
    try:
        status = os.lstat(path)
        if stat.S_ISLNK(status.st_mode):
            return f"{_LINK}{os.readlink(path)}"  # noqa: PTH115
    except OSError:
        return None
    if stat.S_ISDIR(status.st_mode):
        return _FOLDER
    if stat.S_ISREG(status.st_mode):
        return status.st_size, status.st_mtime_ns
    return f"{stat.S_IFMT(status.st_mode):o}"


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        remove_tree(path)
    else:
        path.unlink(missing_ok=True)


def _copy(source: Path, to: Path) -> None:
    """Copy a file, a link or a folder that is not too large."""
    state = _state(source)
    size = sum(one[0] for _, one in _walk(str(source)) if isinstance(one, tuple)) if state == _FOLDER else 0
    if isinstance(state, tuple):
        size = state[0]
    if size > _MOST_KEPT:
        return
    _remove(to)
    if state == _FOLDER:
        shutil.copytree(source, to, symlinks=True, ignore=_special)
    elif isinstance(state, tuple) or (state or "").startswith(_LINK):
        shutil.copy2(source, to, follow_symlinks=False)


def _special(folder: str, names: list[str]) -> list[str]:
    """What cannot be copied: sockets, pipes, devices."""
    states = {name: _state(Path(folder, name)) for name in names}
    return [name for name, state in states.items() if isinstance(state, str) and state[:1].isdigit()]
