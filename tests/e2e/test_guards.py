"""The guards that ship with kit, run as a user's hook and a user's test would be."""

from __future__ import annotations

import inspect
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import kit.testing
from kit.testing import assert_no_blocking_findings
from tests.helpers import fingerprint, write_project

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
MODEL = """
    from sqlalchemy.orm import Mapped, mapped_column

    from app.base import Base


    class {name}(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
"""
HEALTHY = {
    "app/__init__.py": "",
    "app/base.py": "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n",
    "app/users.py": MODEL.format(name="User"),
}
BROKEN = {
    **HEALTHY,
    "app/members.py": MODEL.format(name="Member"),
    "tests/test_all.py": "import app.users, app.members",
}


def hook() -> dict[str, Any]:
    (only,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    return dict(only)


def run_hook(repository: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run the hook's entry as pre-commit does: in the repository, without a shell, its scripts first on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    assert hook()["pass_filenames"] is False
    command = [*shlex.split(hook()["entry"]), *args]
    environment = {**os.environ, "PATH": path}
    return subprocess.run(
        command, cwd=repository, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def run_pytest(project: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_registry.py"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=60, check=False)


def pasted() -> str:
    """The test that the documentation of ``kit.testing`` offers."""
    lines = inspect.cleandoc(kit.testing.__doc__ or "").splitlines()
    return "\n".join(line.removeprefix("    ") for line in lines if line.startswith("    ") or not line)


@pytest.mark.parametrize(("files", "code"), [(HEALTHY, 0), (BROKEN, 1)], ids=["healthy", "broken"])
def test_the_hook_stops_a_commit_that_maps_a_table_twice(tmp_path: Path, files: dict[str, str], code: int) -> None:
    write_project(tmp_path, files)
    before = fingerprint(tmp_path)
    run = run_hook(tmp_path)
    assert run.returncode == code, run.stderr
    assert ("app/members.py" in run.stdout) == bool(code)
    assert fingerprint(tmp_path) == before


def test_the_hook_takes_options_from_its_args(tmp_path: Path) -> None:
    write_project(tmp_path / "backend", BROKEN)
    run = run_hook(tmp_path, "--app", "backend", "--format", "github")
    assert run.returncode == 1, run.stderr
    assert run.stdout.startswith("::error file=backend/app/")


@pytest.mark.parametrize(("files", "code"), [(HEALTHY, 0), (BROKEN, 1)], ids=["healthy", "broken"])
def test_the_pasted_test_passes_and_fails_with_the_places(tmp_path: Path, files: dict[str, str], code: int) -> None:
    write_project(tmp_path, {**files, "tests/test_registry.py": pasted()})
    run = run_pytest(tmp_path)
    assert run.returncode == code, run.stdout + run.stderr
    assert ("1 passed" in run.stdout) == (code == 0)
    assert ("app/members.py:" in run.stdout) == bool(code)


def test_a_smell_fails_no_test(tmp_path: Path) -> None:
    examples = {"examples/one.py": MODEL.format(name="One"), "examples/two.py": MODEL.format(name="One")}
    write_project(tmp_path, {**HEALTHY, **examples})
    assert "smell: " in run_hook(tmp_path).stdout
    assert_no_blocking_findings(tmp_path)
