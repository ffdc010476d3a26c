"""Modules that no source file is: extensions, what they are built from, and folders without a source file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from kit.inventory.names.names import Names


def is_no_source(module: str, names: Names, root: Path) -> bool:
    """Whether a file of that name, and not one of source, lies where the module would be, below the target's
    ``root``.
    """
    return any(last in files for last, (files, _) in _beside(module, names, root))


def is_bare_folder(module: str, names: Names, root: Path) -> bool:
    """Whether a folder lies where the module would be. Python imports it, though nothing in it is source."""
    return any(last in folders for last, (_, folders) in _beside(module, names, root))


def _beside(module: str, names: Names, root: Path) -> Iterator[tuple[str, tuple[frozenset[str], frozenset[str]]]]:
    package, _, last = module.rpartition(".")
    for folder in _folders_of(package, names, root):
        try:
            changed = folder.stat().st_mtime_ns
        except OSError:
            continue
        yield last, _names_in(folder, changed)


def _folders_of(package: str, names: Names, root: Path) -> list[Path]:
    if not package:
        return [root]
    if package in names.modules.folders:
        return [root / folder for folder in names.modules.folders[package]]
    above, _, last = package.rpartition(".")
    return [folder / last for folder in _folders_of(above, names, root)]


@lru_cache(maxsize=4096)
def _names_in(folder: Path, _changed: int) -> tuple[frozenset[str], frozenset[str]]:
    """What stands before the first dot in the names of a folder's files, other than source files; and its folders. A
    folder is listed once for each time that it changes: thousands of wrong imports may ask for the same one.
    """
    files, folders = set(), set()
    with os.scandir(folder) as entries:
        for entry in entries:
            stem, dot, rest = entry.name.partition(".")
            if dot and rest.rpartition(".")[2] != "py":
                files.add(stem)
            elif not dot and entry.is_dir():
                folders.add(stem)
    return frozenset(files), frozenset(folders)
