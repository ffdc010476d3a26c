"""The files of a CI configuration, and the folders that they put on ``PYTHONPATH`` before the tests run."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

#: where a project says how its tests are run; the first that names a folder counts
_FILES = (
    ".github/workflows/*.yml", ".github/workflows/*.yaml", ".gitlab-ci.yml", ".circleci/config.yml",
    "azure-pipelines.yml", "bitbucket-pipelines.yml", ".travis.yml", "tox.ini", "Makefile", "justfile", "noxfile.py",
)  # fmt: skip
_LARGEST = 200_000
_SETTING = re.compile(r"\bPYTHONPATH[\"']?\s*(?::=|\?=|=|:)\s*[\"']?(?P<value>[^\s\"'#]+)")
#: what stands for the folder of the project
_HERE = re.compile(
    r"\$\{\{\s*github\.workspace\s*\}\}|\$\{?(?:GITHUB_WORKSPACE|CI_PROJECT_DIR|PWD|CURDIR)\}?|\$\((?:CURDIR|PWD|pwd)\)"
    r"|\$\$PWD|\{toxinidir\}|\{tox_root\}"
)


def ci_files(root: Path) -> Iterator[Path]:
    """The files that say how the project's tests are run."""
    for pattern in _FILES:
        yield from sorted(root.glob(pattern))


def in_place_of_root(line: str) -> str:
    """The line with ``.`` for what stands for the folder of the project."""
    return _HERE.sub(".", line)


def ci_import_paths(root: Path) -> Iterator[tuple[str, str]]:
    """Each folder (relative to the root) with the line that names it."""
    for file in ci_files(root):
        for number, line in enumerate(lines_of(file), 1):
            for found in _SETTING.finditer(in_place_of_root(line)):
                for folder in _folders(root, found["value"]):
                    yield folder, f"{file.relative_to(root).as_posix()}:{number}"


def _folders(root: Path, value: str) -> Iterator[str]:
    for entry in value.split(":"):
        folder = Path(os.path.normpath(root / entry))
        if entry and folder.is_relative_to(root) and folder.is_dir():
            yield folder.relative_to(root).as_posix()


def lines_of(file: Path) -> list[str]:
    """The lines of a file; none where it cannot be read or is too large to be written by hand."""
    try:
        if file.stat().st_size > _LARGEST:
            return []
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
