"""Where uv, pdm, poetry, pipenv and hatch keep the environments of a project: looked up on disk, as far as possible."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.platform.user_folders import cache_of, data_of, virtualenvs
from kit.target.environment import interpreter_environment

#: how long poetry may take to answer, in seconds
POETRY_LIMIT = 10.0

_UNSAFE = re.compile(r'[ &$`!*@"()\[\]\\\r\n\t]')


def managed_environments(root: Path) -> Iterator[tuple[Path, str]]:
    """Environments that uv, pdm, poetry, pipenv and hatch keep for the project in ``root``, each with the reason."""
    project = _pyproject(root)
    for find, manager in ((_uv, "uv"), (_pdm, "pdm"), (_poetry, "poetry"), (_pipenv, "pipenv"), (_hatch, "hatch")):
        for environment in find(root, project):
            if environment.is_dir():
                yield environment, f"{manager} keeps it for this project"


def _pyproject(root: Path) -> dict[str, Any]:
    try:
        return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _tool(project: dict[str, Any], name: str) -> dict[str, Any]:
    tools = project.get("tool")
    table = tools.get(name) if isinstance(tools, dict) else None
    return table if isinstance(table, dict) else {}


def _name(project: dict[str, Any], tool: str) -> str:
    table = project.get("project")
    name = table.get("name") if isinstance(table, dict) else None
    return str(name or _tool(project, tool).get("name") or "")


def _uv(root: Path, _project: dict[str, Any]) -> Iterator[Path]:
    """One environment for a whole workspace, in the folder of its lock file."""
    for folder in (root, *root.parents):
        if (folder / "uv.lock").is_file():
            yield folder / os.environ.get("UV_PROJECT_ENVIRONMENT", ".venv")
            return


def _pdm(root: Path, _project: dict[str, Any]) -> Iterator[Path]:
    try:
        yield Path((root / ".pdm-python").read_text(encoding="utf-8").strip()).parent.parent
    except (OSError, ValueError):
        return


def _poetry(root: Path, project: dict[str, Any]) -> Iterator[Path]:
    """``{name}-{hash of the folder}-py{version}`` in poetry's cache, the newest first."""
    if not (_tool(project, "poetry") or (root / "poetry.lock").is_file()):
        return
    cache = Path(os.environ.get("POETRY_CACHE_DIR") or cache_of("pypoetry"))
    folder = Path(os.environ.get("POETRY_VIRTUALENVS_PATH") or cache / "virtualenvs")
    name = _UNSAFE.sub("_", _name(project, "poetry").lower())[:42]
    found = [path for path in folder.glob(f"{name}-{_digest(root)}-py*") if path.is_dir()] if name else []
    yield from sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)
    if not found and (poetry := shutil.which("poetry")) is not None:
        yield from _ask_poetry(poetry, root)


def _ask_poetry(poetry: str, root: Path) -> Iterator[Path]:
    try:
        answer = subprocess.run(
            [poetry, "--no-interaction", "--no-plugins", "env", "info", "--path"],
            cwd=root,
            env=interpreter_environment(None),  # else it would answer with the environment that kit runs in
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=POETRY_LIMIT,
            check=True,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return
    if path := answer.stdout.strip():
        yield Path(path)


def _pipenv(root: Path, _project: dict[str, Any]) -> Iterator[Path]:
    """``{folder's name}-{hash of the Pipfile's path}`` where virtualenvwrapper keeps its environments."""
    pipfile = root / "Pipfile"
    if pipfile.is_file():
        home = Path(os.environ.get("WORKON_HOME") or virtualenvs()).expanduser()
        yield home / f"{_UNSAFE.sub('_', root.name)[:42]}-{_digest(pipfile, 6)}"


def _hatch(root: Path, project: dict[str, Any]) -> Iterator[Path]:
    """``{name}/{hash of the folder}/{environment}`` in hatch's data, those for tests first."""
    name = re.sub(r"[-_.]+", "-", _name(project, "hatch")).lower()
    if not name:
        return
    folder = Path(os.environ.get("HATCH_DATA_DIR") or data_of("hatch")) / "env" / "virtual" / name / _digest(root)
    yield from sorted(folder.glob("*"), key=lambda path: ("test" not in path.name, path.name != name, path.name))


def _digest(path: Path, size: int = 32) -> str:
    """The eight characters by which these tools tell two projects of one name apart."""
    return base64.urlsafe_b64encode(hashlib.sha256(os.path.normcase(path).encode()).digest()[:size]).decode()[:8]
