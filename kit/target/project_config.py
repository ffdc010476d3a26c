"""What a target says about kit itself: ``kit.toml`` in its root, or ``[tool.kit]`` in its ``pyproject.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit.facts.errors import UsageError
from kit.target.notes import Notes
from kit.target.root import find_root

#: the file of its own
OWN_FILE = "kit.toml"


@dataclass(frozen=True)
class ProjectConfig:
    """The table that was found, and its file. Without one the table is empty and the file is the one to make.

    ``table_name`` is what stands before the name of a table in that file: ``""`` or ``"tool.kit."``.
    """

    root: Path
    file: Path
    table_name: str = ""
    table: dict[str, Any] = field(default_factory=dict)


def find_project_config(path: str | Path) -> ProjectConfig:
    """The configuration of the target at ``path``. Raises :class:`UsageError` for a ``kit.toml`` that is not valid
    TOML; a broken ``pyproject.toml`` is left to the tools that it belongs to.
    """
    root = find_root(path, Notes())
    own, shared = root / OWN_FILE, root / "pyproject.toml"
    if own.is_file():
        try:
            return ProjectConfig(root, own, "", tomllib.loads(own.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise UsageError(f"{own} cannot be read: {error}.") from None
    try:
        table = tomllib.loads(shared.read_text(encoding="utf-8"))["tool"]["kit"]
    except (OSError, ValueError, KeyError, TypeError):
        return ProjectConfig(root, own)
    if not isinstance(table, dict):
        raise UsageError(f"{shared}: [tool.kit] is not a table.")
    return ProjectConfig(root, shared, "tool.kit.", table)
