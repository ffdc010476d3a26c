"""Modules that no source file is: extensions, and what they are built from."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from kit.inventory.names.names import Names


def is_no_source(module: str, names: Names, root: Path) -> bool:
    """Whether a file of that name lies where the module would be, below the target's ``root``."""
    package = names.files.get(module.rpartition(".")[0])
    folder = (root / package.path).parent if package else root
    try:
        changed = folder.stat().st_mtime_ns
    except OSError:
        return False
    return module.rpartition(".")[2] in _names_in(folder, changed)


@lru_cache(maxsize=4096)
def _names_in(folder: Path, _changed: int) -> frozenset[str]:
    """What stands before the first dot in the names of a folder's files, other than source files. A folder is listed
    once for each time that it changes: thousands of wrong imports may ask for the same one.
    """
    named = (path.name.partition(".") for path in folder.iterdir())
    return frozenset(stem for stem, dot, rest in named if dot and rest.rpartition(".")[2] != "py")
