"""Where programs keep their caches and data for one user, by the custom of each system."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def cache_of(program: str) -> Path:
    """The folder for what a program can make again."""
    if os.name == "nt":
        return _local() / program / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / program
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / program


def data_of(program: str) -> Path:
    """The folder for what a program keeps."""
    if os.name == "nt":
        return _local() / program
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / program
    return _xdg_data() / program


def virtualenvs() -> Path:
    """Where pipenv keeps environments."""
    return Path.home() / ".virtualenvs" if os.name == "nt" else _xdg_data() / "virtualenvs"


def _xdg_data() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def _local() -> Path:
    return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
