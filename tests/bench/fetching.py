"""Getting a public suite: its sdist, unpacked, with an environment of its own."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_LIST = Path(__file__).with_name("suites.toml")

#: variables that not every user has set, and that would slow pytest down
_UNUSUAL = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")

#: what every environment needs beside the project: pytest, and the rival
_RUNNERS = ("pytest", "pytest-xdist>=3.8")


@dataclass(frozen=True)
class Suite:
    """One entry of ``suites.toml``, which says what the fields mean; ``reports`` names the folder of kit's reports."""

    name: str
    version: str
    kind: str
    extras: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    options: str = ""
    remove: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    reports: str = "reports"

    def root(self, folder: Path) -> Path:
        """Where its source lies below ``folder``."""
        return folder / self.name

    def python(self, folder: Path) -> Path:
        """Its interpreter."""
        return self.root(folder) / ".venv" / "bin" / "python"

    def variables(self) -> dict[str, str]:
        """The environment for all runners alike; caches of bytecode are there for the rivals too."""
        usual = {name: value for name, value in os.environ.items() if name not in _UNUSUAL}
        options = {"PYTEST_ADDOPTS": self.options} if self.options else {}
        return {**usual, **self.environment, **options}


def known_suites(file: Path = _LIST) -> dict[str, Suite]:
    """The suites of ``suites.toml``, or of another such file, by name."""
    return {
        name: Suite(name, **{key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()})
        for name, entry in tomllib.loads(file.read_text()).items()
    }


def fetch(suite: Suite, folder: Path) -> None:
    """Fetch and install a suite below ``folder``, unless it is there. Raises ``CalledProcessError``."""
    root = suite.root(folder)
    ready = root / ".venv" / "ready"
    if ready.exists():
        return
    unpacked(suite, folder)
    subprocess.run([sys.executable, "-m", "venv", "--clear", root / ".venv"], check=True)
    extras = f"[{','.join(suite.extras)}]" if suite.extras else ""
    install = [suite.python(folder), "-m", "pip", "install", "-q", *_RUNNERS, *suite.needs, "-e", f".{extras}"]
    print(shlex.join(map(str, install)), file=sys.stderr)
    subprocess.run(install, cwd=root, check=True, env=suite.variables())
    ready.touch()


def unpacked(suite: Suite, folder: Path) -> Path:
    """The source of a suite, fetched unless it is there. Raises ``CalledProcessError``."""
    root = suite.root(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if not root.exists():
        _unpack(_sdist(suite, folder), root)
    return root


def _sdist(suite: Suite, folder: Path) -> Path:
    if known := _archive(suite, folder):
        return known
    wanted = f"{suite.name}=={suite.version}"
    command = [pip_of(folder), "download", "-q", "--no-deps", "--no-binary", suite.name, "-d", folder, wanted]
    subprocess.run(command, check=True)
    found = _archive(suite, folder)
    assert found is not None, f"pip has put no sdist of {wanted} into {folder}"
    return found


def _archive(suite: Suite, folder: Path) -> Path | None:
    """The archive of a suite; projects spell their names in their own way, as in ``Flask-Login-0.6.3.tar.gz``."""
    wanted = re.compile(rf"{suite.name.replace('-', '[-_.]')}-{re.escape(suite.version)}\.tar\.gz", re.IGNORECASE)
    return next((file for file in folder.iterdir() if wanted.fullmatch(file.name)), None)


def pip_of(folder: Path) -> Path:
    """A pip of its own below ``folder``: an environment that uv made for kit has none."""
    pip = folder / "pip" / "bin" / "pip"
    if not pip.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "pip"], check=True)
    return pip


def _unpack(archive: Path, root: Path) -> None:
    inside = root.with_suffix(".unpacked")
    with tarfile.open(archive) as file:
        file.extractall(inside, filter="data")
    (top,) = inside.iterdir()
    top.rename(root)
    inside.rmdir()
