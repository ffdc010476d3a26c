"""What people call the target."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any


def find_name(root: Path) -> str:
    """The project's name in ``pyproject.toml``, else that of the folder."""
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):  # there is no such file, or it is not valid TOML, which is reported elsewhere
        project = {}
    return _text(project, "project", "name") or _text(project, "tool", "poetry", "name") or root.name or str(root)


def _text(table: Any, *keys: str) -> str:
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table if isinstance(table, str) else ""
