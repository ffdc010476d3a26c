"""Finds the line of pytest's configuration that names an option or a setting."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.facts.starting import RefusalKind
from kit.facts.target import PytestConfig

#: the environment variable in which options for pytest can stand
VARIABLE = "PYTEST_ADDOPTS"

#: the headers of the sections that pytest reads
_SECTION = re.compile(r"\s*\[(?:pytest|tool:pytest|tool\.pytest(?:\.ini_options)?)\]")
_HEADER = re.compile(r"\s*\[[\w.:\"'-]+\]\s*(?:#.*)?$")

#: settings in which what pytest names can stand
_SETTINGS: dict[RefusalKind, tuple[str, ...]] = {"warning-filter": ("filterwarnings", "addopts")}


@dataclass(frozen=True)
class SettingPlace:
    """A line of a file, or the environment variable, which has none."""

    path: str
    line: int | None


def place_of(named: Sequence[str], kind: RefusalKind, config: PytestConfig, root: Path) -> SettingPlace | None:
    """Where the first of ``named`` stands: in the file of ``config``, or in the environment variable.

    ``None`` where it stands in neither, as with what a conftest file says.
    """
    lines = _lines_of(config, root)
    if kind == "setting" or (kind == "quotes" and lines):
        key = named[0] if named else ""
        return next((SettingPlace(str(config.path), line) for line, _ in _setting(lines, key)), None)
    for setting in _SETTINGS.get(kind, ("addopts",)):
        for line, text in _setting(lines, setting):
            if any(_stands_in(name, text) for name in named):
                return SettingPlace(str(config.path), line)
    variable = os.environ.get(VARIABLE, "")
    if any(_stands_in(name, variable) for name in named) or (kind == "quotes" and variable):
        return SettingPlace(VARIABLE, None)
    return None


def _lines_of(config: PytestConfig, root: Path) -> list[str]:
    if config.path is None:
        return []
    try:
        return (root / config.path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _setting(lines: Sequence[str], key: str) -> Iterator[tuple[int, str]]:
    """The lines of a setting, with their numbers: the one that it begins on, and those before the next setting."""
    is_inside, has_sections, is_ours = False, any(map(_SECTION.match, lines)), False
    for number, line in enumerate(lines, 1):
        if _HEADER.match(line):
            is_inside, is_ours = False, bool(_SECTION.match(line))
        elif re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=:]", line) and (is_ours or not has_sections):
            is_inside = True
        elif is_inside and re.match(r"[\w\"'.-]+\s*[=:]", line):  # the next setting; what goes on is indented or quoted
            is_inside = False
        if is_inside:
            yield number, line


def _stands_in(name: str, text: str) -> bool:
    """Whether a word stands in a text by itself; a value may be joined to an option."""
    return bool(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)) or (
        bool(re.fullmatch(r"-\w", name)) and bool(re.search(rf"(?<![\w-]){name}\w", text))
    )
