"""Where a Python environment has its programs: ``bin``, on Windows ``Scripts``, and conda's interpreter beside it.

And which interpreters a machine has: version managers keep some, and the launcher ``py`` of Windows knows others.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

#: the folder of an environment that belongs on ``PATH``
SCRIPTS = "Scripts" if os.name == "nt" else "bin"

#: where an environment usually has its interpreter
INTERPRETER = "Scripts/python.exe" if os.name == "nt" else "bin/python"

#: where version managers keep interpreters, below the home folder
MANAGED = (
    ".pyenv/versions/*/bin/python", ".local/share/uv/python/*/bin/python", ".asdf/installs/python/*/bin/python",
    ".local/share/mise/installs/python/*/bin/python", ".pyenv/pyenv-win/versions/*/python.exe",
    "AppData/Roaming/uv/python/*/python.exe",
)  # fmt: skip

#: what starts Pythons by their version; other systems have another program of that name
LAUNCHER = "py" if os.name == "nt" else ""

#: a line of ``py --list-paths``, of today's launcher and of the older one: the tag, the path, a mark at the default
_LAUNCHED = re.compile(r"\s*-(?:V:)?(?P<tag>\S+)\s+(?:\*\s+)?(?P<path>\S.*?)(?:\s+\*)?\s*")
_LAUNCHER_LIMIT_S = 10.0

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


def launched_pythons() -> dict[str, str]:
    """The interpreters that the launcher knows, by their tags (``"3.12"``, ``"3.10-64"``), in its order; none without
    a launcher.
    """
    if not LAUNCHER or not (command := shutil.which(LAUNCHER)):
        return {}
    with suppress(OSError, subprocess.SubprocessError):
        said = subprocess.run(
            [command, "--list-paths"], capture_output=True, text=True, errors="replace", timeout=_LAUNCHER_LIMIT_S
        )
        lines = filter(None, map(_LAUNCHED.fullmatch, said.stdout.splitlines()))
        return {line["tag"]: line["path"] for line in lines}
    return {}


def launched_by(command: str) -> str | None:
    """The interpreter that ``py -3.12`` stands for; ``None`` for another command, or where the launcher has none."""
    words = command.split()
    if not LAUNCHER or len(words) != 2 or words[0] not in ("py", "py.exe"):
        return None
    wanted = re.escape(words[1].removeprefix("-V:").removeprefix("-"))
    return next((path for tag, path in launched_pythons().items() if re.match(rf"{wanted}(?![\d])", tag)), None)
