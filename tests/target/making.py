"""Targets and interpreters that the tests of this room need, made on disk."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kit.facts.target import Interpreter, Target


def target_at(root: Path, *, executable: str = sys.executable, paths_in_tree: tuple[str, ...] = ()) -> Target:
    """A target as :func:`find_target` would describe it, without looking for anything."""
    interpreter = Interpreter(executable, "3.11.7", paths_in_tree=paths_in_tree)
    return Target(str(root.resolve()), root.name, interpreter, (".",), ())


def without_bytecode(target: Target) -> Target:
    """The same target, whose packages were never compiled."""
    assert target.interpreter is not None
    return replace(target, interpreter=replace(target.interpreter, has_bytecode=False))


def make_environment(folder: Path, python: str = sys.executable) -> Path:
    """A real virtual environment, without packages."""
    subprocess.run([python, "-m", "venv", "--without-pip", folder], check=True, capture_output=True)
    return folder


def pretend_installed(environment: Path, **versions: str) -> None:
    """Make an environment look as if it had these distributions."""
    (packages,) = environment.glob("lib/python3*/site-packages")
    for name, version in versions.items():
        (packages / f"{name}-{version}.dist-info").mkdir()


def make_command(path: Path, script: str) -> Path:
    """An executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def python_of(version: str) -> str:
    """The interpreter of another version, when this machine has it; else the test is skipped."""
    found = installed_python(version)
    if found is None:
        pytest.skip(f"no Python {version} on this machine")
    return found


def installed_python(version: str) -> str | None:
    """The interpreter of a version, or that of PyPy: that of pyenv, else the one on ``PATH``, if it starts."""
    found = sorted(Path.home().glob(f".pyenv/versions/{version}*/bin/python"))
    if found:
        return str(found[-1])
    named = shutil.which(f"python{version}" if version != "pypy" else "pypy3")
    starts = named and subprocess.run([named, "-c", ""], capture_output=True, check=False).returncode == 0
    return named if starts else None
