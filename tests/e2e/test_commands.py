"""The smaller commands, as a user calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import run_kit, write_project

pytestmark = pytest.mark.slow

APP = {
    "app/__init__.py": "",
    "app/base.py": "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n",
    "app/one.py": """
        from sqlalchemy.orm import Mapped, mapped_column, relationship
        from app.base import Base

        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)
            friend = relationship("User")
    """,
    "app/two.py": """
        from sqlalchemy.orm import Mapped, mapped_column
        from app.base import Base

        class User(Base):
            __tablename__ = "users"
            __table_args__ = {"extend_existing": True}
            id: Mapped[int] = mapped_column(primary_key=True)
    """,
    "tests/test_it.py": "import app.one\nimport app.two as m\n\n\ndef test_it():\n    assert m.User\n",
}


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return write_project(tmp_path / "project", APP)


def test_without_a_path_the_current_folder_is_meant(app: Path) -> None:
    scanned = json.loads(run_kit("scan", "--format", "json", cwd=app).stdout)
    listed = run_kit("importers", "app.two", cwd=app)
    shown = run_kit("investigate", "--dry-run", cwd=app)

    assert [collision["name"] for collision in scanned["collisions"]] == ["User"]
    assert listed.stdout == "tests/test_it.py:2: import app.two as m  [test]\n"
    assert f"  {app}  (it is the folder that was given)" in shown.stdout


def test_the_demo_is_an_option(app: Path) -> None:
    listed = run_kit("importers", "--demo", "backend.app.users.models", cwd=app)

    assert "backend/tests/test_admin.py:13: " in listed.stdout


def test_a_scan_exits_with_1_when_a_finding_blocks(app: Path) -> None:
    run = run_kit("scan", "project", "--format", "json", cwd=app.parent)

    assert run.returncode == 1, run.stderr
    (collision,) = json.loads(run.stdout)["collisions"]
    assert [party["path"] for party in collision["classes"] if party["primary"]] == ["app/one.py"]


@pytest.mark.parametrize("form", ["text", "sarif", "github"])
def test_every_format_of_a_scan_names_both_places(app: Path, form: str) -> None:
    said = run_kit("scan", "project", "--format", form, cwd=app.parent).stdout

    assert "app/one.py" in said
    assert "app/two.py" in said


def test_importers_are_listed_for_people_and_for_programs(app: Path) -> None:
    told = run_kit("importers", "project", "app.two", cwd=app.parent)
    parsed = json.loads(run_kit("importers", "project", "app.two", "--format", "json", cwd=app.parent).stdout)

    assert told.stdout == "tests/test_it.py:2: import app.two as m  [test]\n"
    (place,) = parsed["importers"]
    assert (place["path"], place["line"], place["via"]) == ("tests/test_it.py", 2, "m")


def test_a_dry_run_says_what_was_found_and_why_and_runs_nothing(app: Path) -> None:
    run = run_kit("investigate", "project", "--dry-run", cwd=app.parent)

    assert run.returncode == 0
    assert "(it is the folder that was given)" in run.stdout
    assert not (app.parent / "reports").exists()


def test_one_test_can_be_run_by_its_node_id(app: Path) -> None:
    run = run_kit("run", "project", "--format", "json", "--", "tests/test_it.py::test_it", cwd=app.parent)

    assert run.returncode == 0, run.stderr
    assert [test["nodeid"] for test in json.loads(run.stdout)["tests"]] == ["tests/test_it.py::test_it"]


def test_cases_are_listed_newest_first(app: Path) -> None:
    assert "There is no case in" in run_kit("cases", cwd=app.parent).stdout
    for name in ("first", "second"):
        assert run_kit("run", "project", "--case", name, cwd=app.parent).returncode == 0

    listed = json.loads(run_kit("cases", "--format", "json", cwd=app.parent).stdout)["cases"]
    assert {case["id"] for case in listed} == {"first", "second"}
    assert listed[0]["stages"]["test_batches"] == "done"


def test_watch_attaches_to_a_run_and_ends_with_it(app: Path) -> None:
    (app / "tests" / "test_slow.py").write_text("import time\n\n\ndef test_slow():\n    time.sleep(3)\n")
    command = [sys.executable, "-m", "kit", "run", "project", "--case", "c"]
    with subprocess.Popen(
        command, cwd=app.parent, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        while not (app.parent / "reports" / "c" / "events.jsonl").exists():
            assert running.poll() is None
        watched = run_kit("watch", cwd=app.parent, timeout_s=60)

    assert watched.returncode == 0
    assert "2 / 2 · 2 passed" in watched.stderr


def test_who_looks_for_cases_inside_a_target_finds_those_beside_it(app: Path) -> None:
    assert run_kit("run", ".", "--case", "c", cwd=app).returncode == 0
    assert (app.parent / "project-reports" / "c").is_dir()

    for here in (app, app / "tests"):
        watched, listed = run_kit("watch", cwd=here), run_kit("cases", cwd=here)
        assert (watched.returncode, "1 / 1 · 1 passed" in watched.stderr) == (0, True), watched.stderr
        assert "c " in listed.stdout
    again = run_kit("run", "--failed", "c", cwd=app)
    assert 'Nothing failed in the case "c"' in again.stderr
    assert not (app / "reports").exists()


def test_watch_without_a_case_is_one_sentence(tmp_path: Path) -> None:
    run = run_kit("watch", cwd=tmp_path)

    assert run.returncode == 2
    assert "There is no case in" in run.stderr


def test_failures_fall_into_categories_of_ones_own(tmp_path: Path) -> None:
    root = write_project(
        tmp_path / "shop",
        {"pytest.ini": "[pytest]\n", "test_a.py": 'def test_a():\n    raise OSError("sandbox expired")\n'},
    )
    own = tmp_path / "own.toml"
    own.write_text(
        '[[category]]\nkey = "sandbox"\ntitle = "Sandbox"\nmeaning = "m"\nadvice = "a"\nmessage = "sandbox"\n'
    )

    run = run_kit("run", str(root), "--categories", "own.toml", "--format", "json", cwd=tmp_path)

    assert [category["name"] for category in json.loads(run.stdout)["categories"]] == ["sandbox"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("cases",), "o case in {} yet"),
        (("watch",), "o case in {} yet"),
        (("watch", "monday"), 'There is no case "monday" in {}, nor any other'),
    ],
)
def test_who_only_looks_leaves_nothing_behind(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    run = run_kit(*arguments, cwd=tmp_path)

    assert said.format(tmp_path / "reports") in run.stdout + run.stderr
    assert run.returncode == (0 if arguments == ("cases",) else 2)
    assert list(tmp_path.iterdir()) == []
