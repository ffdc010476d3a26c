"""Makes an environment for each series of SQLAlchemy that the catalogue of errors is tested on, and for each Python of
this machine that targets may have.

    python -m tests.inventory.make_environments [FOLDER]

Once; it needs the network. The tests look for them in ``$SQLALCHEMY_ENVIRONMENTS``, else beside the environment they
run in, and skip those that are not there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.target.making import installed_python

SERIES = ("1.4", "2.0", "2.1")
#: what a target may run on
PYTHONS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
OTHERS = ("3.14t", "pypy")


def folder() -> Path:
    """Where the environments are."""
    return Path(os.environ.get("SQLALCHEMY_ENVIRONMENTS") or Path(sys.prefix) / "sqlalchemy")


def python_of(series: str) -> Path | None:
    """The interpreter of the environment with this series of SQLAlchemy, if it was made."""
    python = folder() / series / "bin" / "python"
    return python if (folder() / series / ".ready").exists() else None


def environment_of(python: str) -> Path | None:
    """The interpreter of the environment of this Python (``"3.14"``, ``"pypy"``) with SQLAlchemy, if it was made."""
    return python_of(f"python{python}")


def make(home: Path, python: str, packages: Sequence[str]) -> None:
    """Make one environment; one that is whole is left as it is."""
    if (home / ".ready").exists():
        return
    inside = str(home / "bin" / "python")
    if uv := shutil.which("uv"):
        subprocess.run([uv, "venv", "--quiet", "--allow-existing", "--python", python, str(home)], check=True)
        install = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", inside]
        subprocess.run([*install, *packages], check=True)
    else:
        subprocess.run([python, "-m", "venv", str(home)], check=True)
        subprocess.run(
            [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages], check=True
        )
    (home / ".ready").touch()


if __name__ == "__main__":
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else folder()
    for one in SERIES:
        make(place / one, sys.executable, [f"sqlalchemy=={one}.*", "aiosqlite", "greenlet"])
    for version in (*PYTHONS, *OTHERS):
        if found := installed_python(version):
            try:
                make(place / f"python{version}", found, ["pytest", "sqlalchemy"])
            except subprocess.CalledProcessError as error:
                sys.stderr.write(f"no environment of Python {version}: {error}\n")
