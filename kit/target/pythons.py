"""Which Python a project requires, as its own files say, and the interpreters of this machine that could run it.

https://packaging.python.org/en/latest/specifications/pyproject-toml/#requires-python
"""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit import target
from kit.platform.environments import MANAGED, launched_pythons, prefix_of

_NEWEST_MINOR = 20
#: what most projects state, which can be compared without a library
_USUAL = re.compile(r">=\s*(\d+)\.(\d+)")
_SETUP = re.compile(r"python_requires\s*=\s*[\"'](?P<text>[^\"']+)[\"']")
#: poetry's ``^3.12`` and ``~3.12``
_CARET = re.compile(r"\^\s*(?P<major>\d+)(?P<rest>[\d.]*)")
_TILDE = re.compile(r"~\s*(?P<version>\d+\.\d+)(?![\d.=])")


@dataclass(frozen=True)
class RequiredPython:
    """A requirement as the file at ``path`` states it: ``">=3.12"``."""

    text: str
    path: str

    def allows(self, version: str) -> bool:
        """Whether an interpreter of that version fulfils it."""
        usual = _USUAL.fullmatch(self.text)
        release = re.match(r"(\d+)\.(\d+)\.\d+$", version)
        if usual and release:
            return (int(release[1]), int(release[2])) >= (int(usual[1]), int(usual[2]))
        return target.fulfils(version, self.text)

    def is_newer_than(self, version: str) -> bool:
        """Whether it asks for a newer Python than ``version``, whose parser may then refuse the target's files."""
        minor = ".".join(version.split(".")[:2])
        later = (f"{minor.partition('.')[0]}.{number}" for number in range(int(minor.partition(".")[2]) + 1, 30))
        return not self.allows(version) and not self.allows(f"{minor}.99") and any(map(self._allows_some, later))

    def _allows_some(self, minor: str) -> bool:
        return self.allows(minor) or self.allows(f"{minor}.99")

    def __str__(self) -> str:
        return f"Python {self.text} ({self.path})"


def required_python(root: Path) -> RequiredPython | None:
    """The first requirement among the project's files; ``None`` when none states one that can be read."""
    for name, read in _READERS.items():
        try:
            text = read((root / name).read_text(encoding="utf-8-sig"))
            if text and (_USUAL.fullmatch(text) or target.is_specifier(text)):
                return RequiredPython(text, name)
        except (OSError, ValueError, AttributeError, configparser.Error):
            continue
    return None


def installed_pythons() -> Iterator[str]:
    """The interpreters that are on ``PATH`` by their version, that a version manager keeps, or that the launcher of
    Windows knows; newest names first.
    """
    seen: set[str] = set()
    named = (shutil.which(f"python3.{minor}") for minor in range(_NEWEST_MINOR, 7, -1))
    managed = (str(path) for pattern in MANAGED for path in sorted(Path.home().glob(pattern), key=_newest_first))
    for found in (*managed, *launched_pythons().values(), *named):
        real = os.path.realpath(found) if found else ""
        if found and real not in seen:
            seen.add(real)
            yield found


def _newest_first(path: Path) -> tuple[int, ...]:
    return tuple(-int(part) for part in re.findall(r"\d+", prefix_of(path).name))


def _project(text: str) -> str | None:
    content = tomllib.loads(text)
    stated = content.get("project", {}).get("requires-python")
    poetry = content.get("tool", {}).get("poetry", {}).get("dependencies", {}).get("python")
    return _specifier(stated) or _specifier(poetry)


def _setup(text: str) -> str | None:
    found = _SETUP.search(text)
    return _specifier(found["text"]) if found else None


def _setup_cfg(text: str) -> str | None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    return _specifier(parser.get("options", "python_requires", fallback=None))


def _pinned(text: str) -> str | None:
    """``3.12``, ``3.12.1``, ``python-3.12.1``: any patch release of that minor one will do."""
    found = re.match(r"\s*(?:c?python-?)?(\d+\.\d+)", text)
    return f"=={found[1]}.*" if found else None


def _lock(*keys: str) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        content: Any = tomllib.loads(text)
        for key in keys:
            content = content.get(key, {})
        return _specifier(content if isinstance(content, str) else None)

    return read


def _pipfile_lock(text: str) -> str | None:
    requires = json.loads(text).get("_meta", {}).get("requires", {})
    version = requires.get("python_full_version") or requires.get("python_version")
    return _pinned(version) if version else None


def _specifier(text: str | None) -> str | None:
    """As the standard has it; alternatives (``||``) cannot be written so, and are passed over."""
    if not text or "||" in text:
        return None
    text = _CARET.sub(lambda found: f">={found['major']}{found['rest']},<{int(found['major']) + 1}", text)
    text = _TILDE.sub(lambda found: f"=={found['version']}.*", text)
    return _pinned(text) if re.fullmatch(r"\s*\d+(\.\d+)+\s*", text) else text


_READERS: dict[str, Callable[[str], str | None]] = {
    "pyproject.toml": _project,
    "setup.cfg": _setup_cfg,
    "setup.py": _setup,
    ".python-version": _pinned,
    "runtime.txt": _pinned,
    "uv.lock": _lock("requires-python"),
    "poetry.lock": _lock("metadata", "python-versions"),
    "pdm.lock": _lock("metadata", "requires_python"),
    "Pipfile.lock": _pipfile_lock,
}
