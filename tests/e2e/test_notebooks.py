"""Each notebook runs alone, with plain papermill, in order or not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kit.case.kernels import notebooks_folder
from kit.facts.case import NOTEBOOKS
from tests.helpers import write_project

pytestmark = pytest.mark.slow

PROJECT = {
    "app/__init__.py": "",
    "app/base.py": "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n",
    "app/users.py": """
        from sqlalchemy.orm import Mapped, mapped_column

        from app.base import Base


        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)
    """,
    "tests/test_users.py": """
        from app.users import User


        def test_ok():
            assert User.__tablename__ == "users"


        def test_bad():
            assert User.__tablename__ == "people"
    """,
}


def papermill(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "papermill", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_alone(tmp_path: Path, name: str) -> None:
    write_project(tmp_path / "project", PROJECT)

    run = papermill(
        str(notebooks_folder() / f"{name}.ipynb"),
        "out.ipynb",
        "-p",
        "target",
        "project",
        "-p",
        "case",
        "c",
        cwd=tmp_path,
    )

    assert run.returncode == 0, run.stderr
    outputs = [o for c in json.loads((tmp_path / "out.ipynb").read_text())["cells"] for o in c.get("outputs", [])]
    assert outputs
    assert [output for output in outputs if output["output_type"] == "error"] == []
    assert [output for output in outputs if output.get("name") == "stderr"] == []


def test_they_share_a_case_and_take_their_parameters_from_a_file(tmp_path: Path) -> None:
    write_project(tmp_path / "project", PROJECT)
    (tmp_path / "case.yaml").write_text("target: project\ncase: shared\nworkers: 1\ntimeout_s: 5\n")

    for name in ("3_test_batches", "6_incident_report"):
        run = papermill(str(notebooks_folder() / f"{name}.ipynb"), "out.ipynb", "-f", "case.yaml", cwd=tmp_path)
        assert run.returncode == 0, run.stderr

    incident = json.loads((tmp_path / "reports" / "shared" / "incident.json").read_text())
    assert incident["accounting"]["passed"] == 1
    assert incident["accounting"]["failed"] == 1
    assert incident["case"]["parameters"]["workers"] == 1
