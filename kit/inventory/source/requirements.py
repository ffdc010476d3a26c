"""What the target says it needs: the distributions that its requirement files and project tables name."""

from __future__ import annotations

import configparser
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.facts.inventory import Requirement
from kit.facts.spelling import distribution_name

#: files of pip's, in the root and in a folder of that name
_FILES = ("*requirements*.txt", "*requirements*.in", "requirements/*.txt", "requirements/*.in")

_NAME = re.compile(r"\s*(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(?:[<>=!~;@,]|$|#)")


def read_requirements(root: Path) -> tuple[tuple[Requirement, ...], tuple[str, ...]]:
    """All requirements of the target at ``root``, and the files that were read for them. Files that cannot be read or
    parsed are left out.
    """
    found: list[Requirement] = []
    files: list[str] = []
    for path in _candidates(root):
        try:
            text = path.read_text(encoding="utf-8-sig")
            named = list(_named(path, text))
        except (OSError, ValueError, configparser.Error):
            continue
        relative = path.relative_to(root).as_posix()
        files.append(relative)
        found += [Requirement(name, relative, line) for name, line in named]
    return tuple(found), tuple(files)


def read_own_name(root: Path) -> str:
    """The name of the target's own distribution, as indexes write it; ``""`` where no table of the project has it."""
    for path in (root / "pyproject.toml", root / "setup.cfg"):
        try:
            name = _own_name(path, path.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError, configparser.Error):
            continue
        if name:
            return name
    return ""


def _own_name(path: Path, text: str) -> str:
    if path.suffix == ".cfg":
        parser = configparser.ConfigParser(interpolation=None)
        parser.read_string(text)
        return distribution_name(parser.get("metadata", "name", fallback=""))
    content = tomllib.loads(text)
    tables = (content.get("project", {}), content.get("tool", {}).get("poetry", {}))
    return next((distribution_name(str(table["name"])) for table in tables if "name" in table), "")


def _candidates(root: Path) -> list[Path]:
    texts = {path for pattern in _FILES for path in root.glob(pattern) if path.is_file()}
    tables = [root / name for name in ("pyproject.toml", "setup.cfg") if (root / name).is_file()]
    return [*sorted(texts, key=Path.as_posix), *tables]


def _named(path: Path, text: str) -> Iterator[tuple[str, int]]:
    if path.suffix in (".txt", ".in"):
        yield from _in_lines(text.splitlines(), 1)
    elif path.suffix == ".cfg":
        yield from _located(_of_setup(text), text)
    else:
        yield from _located(_of_project(tomllib.loads(text)), text)


def _in_lines(lines: list[str], first: int) -> Iterator[tuple[str, int]]:
    for number, line in enumerate(lines, first):
        if found := _NAME.match(line):
            yield found["name"], number


def _of_setup(text: str) -> Iterator[str]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    own = distribution_name(parser.get("metadata", "name", fallback=""))
    extras = parser["options.extras_require"].values() if parser.has_section("options.extras_require") else ()
    for block in (parser.get("options", "install_requires", fallback=""), *extras):
        yield from (name for name, _ in _in_lines(block.splitlines(), 1) if distribution_name(name) != own)


def _of_project(content: dict[str, Any]) -> Iterator[str]:
    project, poetry = content.get("project", {}), content.get("tool", {}).get("poetry", {})
    own = distribution_name(str(project.get("name", "")))  # an extra that names its own project needs nothing
    groups = [project.get("dependencies", []), *project.get("optional-dependencies", {}).values()]
    groups += content.get("dependency-groups", {}).values()
    for group in groups:
        named = _in_lines([one for one in group if isinstance(one, str)], 1)
        yield from (name for name, _ in named if distribution_name(name) != own)
    yield from poetry.get("dependencies", {})
    for group in poetry.get("group", {}).values():
        yield from group.get("dependencies", {})


def _located(names: Iterator[str], text: str) -> Iterator[tuple[str, int]]:
    """Each name with the first line that has it: the parsers of these files tell no lines."""
    lines = text.splitlines()
    for name in names:
        word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        yield name, next((number for number, line in enumerate(lines, 1) if word.search(line)), 1)
