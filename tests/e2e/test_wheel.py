"""An installed kit without a clone: everything it needs is in the wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kit.facts.case import NOTEBOOKS, STAGES
from tests.helpers import write_project

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree and unpacked where Python finds it before the clone."""
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", out], cwd=ROOT, check=True)
    (wheel,) = out.glob("*.whl")
    site = out / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


def run_installed(site: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kit", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_wheel_holds_the_notebooks_and_the_demo_and_no_caches(installed: Path) -> None:
    assert sorted(path.stem for path in (installed / "kit" / "notebooks").glob("*.ipynb")) == list(NOTEBOOKS)
    demo = installed / "kit" / "demo" / "trading"
    assert (demo / "backend" / "app" / "auth" / "models.py").exists()
    assert (demo / "pyproject.toml").exists()
    assert list(installed.rglob("__pycache__")) == []


def test_an_installed_kit_investigates(installed: Path, tmp_path: Path) -> None:
    write_project(tmp_path / "project", {"test_ok.py": "def test_ok():\n    pass\n"})

    run = run_installed(installed, "investigate", "project", "--case", "c", cwd=tmp_path)

    assert run.returncode == 0, run.stderr
    assert (tmp_path / "reports" / "c" / "incident.html").exists()
    assert len(list((tmp_path / "reports" / "c" / "notebooks").iterdir())) == len(STAGES)


def test_it_ships_the_demo(installed: Path, tmp_path: Path) -> None:
    run = run_installed(installed, "investigate", "--demo", "--dry-run", cwd=tmp_path)

    assert run.returncode == 0, run.stderr
    assert str(installed / "kit" / "demo" / "trading") in run.stdout
