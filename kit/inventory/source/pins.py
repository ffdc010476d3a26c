"""Which version of each distribution the target was locked to: its lock files, and the requirements that pin one."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from kit.facts.inventory import Pin
from kit.facts.spelling import distribution_name

#: lock files with a table for each package: of uv, Poetry, PDM, and of the standard (PEP 751)
_TABLES = ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml")
_LINES = ("*requirements*.txt", "requirements/*.txt", "requirements*.lock", "constraints*.txt")

_PINNED = re.compile(r"\s*(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*===?\s*(?P<version>[\w.!+-]+)")
_NAME = re.compile(r'^name = "(?P<name>[^"]+)"')


def read_pins(root: Path) -> tuple[Pin, ...]:
    """The pins of the target at ``root``, one for each distribution: lock files come before requirements. A file that
    cannot be read or parsed is left out.
    """
    found: dict[str, Pin] = {}
    for path in _candidates(root):
        try:
            text = path.read_text(encoding="utf-8-sig")
            pins = list(_read(path, text, path.relative_to(root).as_posix()))
        except (OSError, ValueError):
            continue
        for pin in pins:
            found.setdefault(pin.name, pin)
    return tuple(found.values())


def _candidates(root: Path) -> Iterator[Path]:
    yield from (root / name for name in (*_TABLES, "Pipfile.lock") if (root / name).is_file())
    yield from sorted({path for pattern in _LINES for path in root.glob(pattern) if path.is_file()}, key=Path.as_posix)


def _read(path: Path, text: str, relative: str) -> Iterator[Pin]:
    if path.name in _TABLES:
        return _of_tables(text, relative)
    if path.name == "Pipfile.lock":
        return _of_pipfile(text, relative)
    return _of_lines(text, relative)


def _of_tables(text: str, relative: str) -> Iterator[Pin]:
    content = tomllib.loads(text)
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if found := _NAME.match(line):
            lines.setdefault(found["name"], number)
    for one in content.get("package", content.get("packages", ())):
        if isinstance(one, dict) and "version" in one:
            name = str(one.get("name", ""))
            yield Pin(distribution_name(name), str(one["version"]), relative, lines.get(name, 1))


def _of_pipfile(text: str, relative: str) -> Iterator[Pin]:
    content, lines = json.loads(text), text.splitlines()
    for section in ("default", "develop"):
        for name, one in (content.get(section) or {}).items():
            version = str(one.get("version", "")) if isinstance(one, dict) else ""
            if version.startswith("=="):
                at = next((number for number, line in enumerate(lines, 1) if f'"{name}"' in line), 1)
                yield Pin(distribution_name(name), version.lstrip("="), relative, at)


def _of_lines(text: str, relative: str) -> Iterator[Pin]:
    for number, line in enumerate(text.splitlines(), 1):
        if found := _PINNED.match(line):
            yield Pin(distribution_name(found["name"]), found["version"], relative, number)
