"""Temporary folders of kit: they are gone when it ends. Those of a kit that was killed, the next one removes."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from kit.platform.locks import take_lock
from kit.platform.users import is_own

PREFIX = "kit-scratch-"

#: the file in each folder that its owner holds locked, as the system knows even if the owner was killed
LOCK = "lock"

#: a folder without an owner is swept only when it is older than this, in seconds (a younger one may be in the making)
STALE_AFTER = 60.0

#: the folders of this process, with the id of the process that made them (a fork must not remove its parent's)
_living: dict[Path, int] = {}


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A new private folder with nothing in it except its lock; at the end it is removed, with all that is in it."""
    _sweep_once()
    with held(new_folder()) as folder:
        yield folder


def new_folder(folder: Path | None = None) -> Path:
    """Make this folder, or one with a new name, which is to be :func:`held`.

    Raises ``OSError`` when it exists.
    """
    if folder is None:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()  # mode 0700
    else:
        folder.mkdir(mode=0o700)
    _living[folder] = os.getpid()
    return folder


@contextmanager
def held(folder: Path) -> Iterator[Path]:
    """Lock a new folder, and remove it at the end."""
    try:
        lock = take_lock(folder / LOCK)
        try:
            yield folder
        finally:
            os.close(lock)
    finally:
        _remove_own(folder)


def sweep_stale() -> None:
    """Remove the folders that killed processes of kit have left behind."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # it has an owner, or is gone meanwhile
            status = folder.lstat()
            is_ours = is_own(status) and stat.S_ISDIR(status.st_mode)  # the folder is open to all users
            if is_ours and time.time() - status.st_mtime > STALE_AFTER:
                lock = take_lock(folder / LOCK)
                _remove(folder)
                os.close(lock)


_sweep_once = cache(sweep_stale)


def remove_tree(tree: Path) -> None:
    """Remove a folder with all that is in it, also when the target has made folders in it read-only."""
    try:
        shutil.rmtree(tree)
    except OSError:
        _open_up(tree)
        shutil.rmtree(tree, ignore_errors=True)


def _remove(folder: Path) -> None:
    remove_tree(folder)
    if not folder.exists():
        _living.pop(folder, None)


def _open_up(tree: Path) -> None:
    for folder, names, _ in os.walk(tree):  # top down: a folder is opened up before it is entered
        for path in (Path(folder, name) for name in names):
            with contextlib.suppress(OSError):
                if not path.is_symlink():  # it may point out of the tree
                    path.chmod(stat.S_IRWXU)


@atexit.register
def _remove_all() -> None:
    for folder in tuple(_living):
        _remove_own(folder)


def _remove_own(folder: Path) -> None:
    """Remove a folder unless this process is a fork of its owner."""
    if _living.get(folder) == os.getpid():
        _remove(folder)
