"""Folders of a tree that are not part of the app: environments, caches, version control, installed packages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from kit.platform.environments import prefix_of

#: folders that version control keeps its own data in
REPOSITORIES = frozenset({".git", ".hg", ".svn", ".jj"})

#: folders that tools write and read; nothing in them is source
CACHES = frozenset(
    {
        "__pycache__",
        ".eggs",
        ".import_linter_cache",
        ".ipynb_checkpoints",
        ".mypy_cache",
        ".nox",
        ".pytest_cache",
        ".ruff_cache",
        ".tox",
        "node_modules",
    }
)

#: those of them that tools make again when they are missing
REMADE = CACHES - {".eggs", ".nox", ".tox", "node_modules"}

_PROJECT = ("pyproject.toml", "setup.py", "setup.cfg")
_MARKS_OF_AN_ENVIRONMENT = ("pyvenv.cfg", "conda-meta", "bin/activate_this.py", "Scripts/activate_this.py")


def is_environment(folder: str) -> bool:
    """Whether a folder is a Python environment, by what it holds: its name can be anything."""
    return any(os.path.lexists(f"{folder}/{mark}") for mark in _MARKS_OF_AN_ENVIRONMENT)


def is_installed(folder: str) -> bool:
    """Whether a folder holds what was installed and no source: an environment, or ``build/lib`` (also
    ``build/lib.linux-x86_64-3.12``), where setuptools has copied the packages of a project.
    """
    place = Path(folder)
    return is_environment(folder) or (
        place.parent.name == "build"
        and place.name.partition(".")[0] == "lib"
        and any((place.parent.parent / mark).is_file() for mark in _PROJECT)
    )


def environment_of(executable: str) -> Path | None:
    """The virtual or conda environment that an interpreter belongs to; ``None`` for one of the system."""
    prefix = prefix_of(Path(executable))  # not resolved: in an environment it is a link to the system's
    return prefix if (prefix / "pyvenv.cfg").is_file() or (prefix / "conda-meta").is_dir() else None


def entries_of(folder: str) -> Iterator[os.DirEntry[str]]:
    """The entries of a folder by name; none when it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return iter(())
    return iter(found)


def is_looked_into(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a folder that may hold source: not hidden, not a cache, an environment, a link, or what an
    installation has built.
    """
    return (
        entry.is_dir(follow_symlinks=False)
        and not entry.name.startswith(".")
        and entry.name not in CACHES
        and not is_installed(entry.path)
    )
