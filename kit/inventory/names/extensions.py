"""Modules that no source file is: extensions, and what they are built from."""

from __future__ import annotations

from pathlib import Path

from kit.inventory.names.names import Names


def is_no_source(module: str, names: Names, root: Path) -> bool:
    """Whether a file of that name lies where the module would be, below the target's ``root``."""
    package = names.files.get(module.rpartition(".")[0])
    folder = (root / package.path).parent if package else root
    return any(path.suffix != ".py" for path in folder.glob(f"{module.rpartition('.')[2]}.*"))
