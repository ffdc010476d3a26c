"""Lines of pytest's configuration, as it is written."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from kit.facts.places import Location


class Ini:
    """The file at ``path`` below ``root``; of what cannot be read, or without a path, it has no line."""

    def __init__(self, root: Path, path: str | None) -> None:
        self._root, self._path = root, path or ""

    def line(self, name: str, value: str = "") -> Location | None:
        """Where a setting gets its value, if that line holds ``value``."""
        sets = re.compile(rf"^\s*{re.escape(name)}\s*[=:].*{re.escape(value)}")
        numbers = (number for number, text in enumerate(self._lines, 1) if sets.match(text))
        return next((Location(self._path, number, "setting") for number in numbers), None)

    @cached_property
    def _lines(self) -> list[str]:
        try:
            return (self._root / self._path).read_text(encoding="utf-8").splitlines() if self._path else []
        except (OSError, UnicodeDecodeError):
            return []
