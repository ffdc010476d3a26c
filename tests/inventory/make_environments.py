"""Makes an environment for each series of SQLAlchemy that the catalogue of errors is tested on.

    python tests/inventory/make_environments.py [FOLDER]

Once; it needs the network. The tests look for them in ``$SQLALCHEMY_ENVIRONMENTS``, else beside the environment they
run in, and skip the series that are not there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

SERIES = ("1.4", "2.0", "2.1")


def folder() -> Path:
    """Where the environments are."""
    return Path(os.environ.get("SQLALCHEMY_ENVIRONMENTS") or Path(sys.prefix) / "sqlalchemy")


def python_of(series: str) -> Path | None:
    """The interpreter of the environment with this series, if it was made."""
    python = folder() / series / "bin" / "python"
    return python if (folder() / series / ".ready").exists() else None


def make(series: str, place: Path) -> None:
    """Make one environment; one that is whole is left as it is."""
    home = place / series
    if (home / ".ready").exists():
        return
    packages = [f"sqlalchemy=={series}.*", "aiosqlite", "greenlet"]
    python = str(home / "bin" / "python")
    if uv := shutil.which("uv"):
        subprocess.run([uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(home)], check=True)
        install = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python]
        subprocess.run([*install, *packages], check=True)
    else:
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages], check=True
        )
    (home / ".ready").touch()


if __name__ == "__main__":
    for one in SERIES:
        make(one, Path(sys.argv[1]) if len(sys.argv) > 1 else folder())
