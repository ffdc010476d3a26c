"""The catalogue of errors on every Python, with each SQLAlchemy that goes with it: the same mappers, the same findings.

    python tests/bench/interpreters.py FOLDER [PYTHON]...

Makes an environment in FOLDER for each PYTHON (executables; default: those of pyenv) with each series of SQLAlchemy
that installs there, asks kit's probe in it about every project of the catalogue, and compares what the inventory makes
of the answers with what it makes of them on the Python that runs this. Exits with 1 if anything differs.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.inventory.families import SERIES
from tests.inventory.test_catalogue import ask_all

PYENV = sorted(Path.home().glob(".pyenv/versions/3.*/bin/python"))


def main() -> int:
    """Make, ask, compare."""
    folder = Path(sys.argv[1]).resolve()
    pythons = [Path(name) for name in sys.argv[2:]] or [path for path in PYENV if _version(path) >= (3, 8)]
    wrong = 0
    for series in SERIES:
        environments = {_version(python): _environment(folder, python, series) for python in pythons}
        there = {version: python for version, python in environments.items() if python}
        expected: dict[str, Any] = {}
        for version in sorted(there, key=lambda one: one != sys.version_info[:2]):
            said = dict(_inventories(there[version], series))
            expected = expected or said
            differing = [key for key in said if said[key] != expected[key]]
            wrong += len(differing)
            name = ".".join(map(str, version))
            print(f"SQLAlchemy {series}, Python {name}: {len(said)} projects, {len(differing)} differ", flush=True)
            for key in differing:
                print(f"  {key}: {said[key]} and not {expected[key]}")
        missing = [".".join(map(str, version)) for version, python in environments.items() if not python]
        print(f"SQLAlchemy {series} does not install on: {', '.join(missing) or 'none of them'}")
    return 1 if wrong else 0


def _version(python: Path) -> tuple[int, int]:
    code = "import sys; print(*sys.version_info[:2])"
    said = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    return int(said[0]), int(said[1])


def _environment(folder: Path, python: Path, series: str) -> str | None:
    """The Python of an environment with that SQLAlchemy, made if it is not there."""
    home = folder / "{}.{}-{}".format(*_version(python), series)
    ready = home / "ready"
    if not ready.exists():
        subprocess.run([python, "-m", "venv", "--clear", home], check=True)
        install = [
            home / "bin/python",
            "-m",
            "pip",
            "install",
            "-q",
            f"sqlalchemy=={series}.*",
            "aiosqlite",
            "greenlet",
        ]
        if subprocess.run(install, capture_output=True, check=False).returncode:
            return None
        ready.touch()
    return str(home / "bin/python")


def _inventories(python: str, series: str) -> Iterator[tuple[str, Any]]:
    """By project: its findings, without what a version of Python puts in its own words."""
    with tempfile.TemporaryDirectory() as folder:
        answers = ask_all(python, series, Path(folder))
    for (family, state), answer in answers.items():
        findings = [(one.id, one.severity, tuple(map(str, one.locations))) for one in answer.findings]
        yield f"{family} {state}", (findings, answer.mapped)


if __name__ == "__main__":
    sys.exit(main())
