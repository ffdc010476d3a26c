"""Where a Python environment has its programs: ``bin``, on Windows ``Scripts``, and conda's interpreter beside it."""

from __future__ import annotations

import os
from pathlib import Path

#: the folder of an environment that belongs on ``PATH``
SCRIPTS = "Scripts" if os.name == "nt" else "bin"

#: where an environment usually has its interpreter
INTERPRETER = "Scripts/python.exe" if os.name == "nt" else "bin/python"

_INTERPRETERS = ("bin/python", "bin/python3", "Scripts/python.exe", "python.exe")


def interpreter_in(environment: Path) -> Path | None:
    """The interpreter of an environment, not resolved: in a virtual environment it may be a link to another one."""
    found = (environment / name for name in _INTERPRETERS)
    return next((path for path in found if path.exists()), None)


def site_packages_of(environment: Path) -> list[Path]:
    """The folders in which the packages of an environment are."""
    return [*environment.glob("lib/python*/site-packages"), *environment.glob("Lib/site-packages")]


def prefix_of(executable: Path) -> Path:
    """The folder of the environment that an interpreter would belong to."""
    folder = executable.parent
    return folder.parent if folder.name in ("bin", "Scripts") else folder
