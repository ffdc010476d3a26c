"""What bad input gets: one clear sentence, the exit code of the contract, no traceback of ours, nothing lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import fingerprint, run_kit, write_project

pytestmark = pytest.mark.slow

PASSING = {"app/__init__.py": "", "tests/test_ok.py": "def test_ok():\n    assert True\n"}


def project(tmp_path: Path, **files: str) -> Path:
    return write_project(tmp_path / "project", {name.replace("__", "/"): text for name, text in files.items()})


def refused(run: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """The command ended with ``code`` and a sentence that holds ``words``, and with no traceback."""
    assert run.returncode == code, run.stderr
    assert "Traceback" not in run.stderr
    said = [line for line in run.stderr.splitlines() if line.startswith(("kit: ", "Error: "))]
    last = [line for line in said if not line.startswith("kit: next: ")][-1]
    for word in words:
        assert word in last


def test_no_such_path(tmp_path: Path) -> None:
    refused(run_kit("investigate", "nowhere", cwd=tmp_path), 2, "nowhere")


def test_not_a_python_project(tmp_path: Path) -> None:
    write_project(tmp_path / "docs", {"README.md": "# No Python here"})

    refused(run_kit("investigate", "docs", cwd=tmp_path), 3, "docs")


@pytest.mark.parametrize("command", ["investigate", "run", "scan"])
def test_a_current_folder_without_python_is_refused_with_the_way_to_the_demo(tmp_path: Path, command: str) -> None:
    write_project(tmp_path / "docs", {"README.md": "# No Python here"})

    refused(run_kit(command, cwd=tmp_path / "docs"), 3, str(tmp_path / "docs"), "--demo for the demo")
    assert [path.name for path in tmp_path.iterdir()] == ["docs"]


def test_a_path_beside_the_demo_and_a_file_that_is_no_python(tmp_path: Path) -> None:
    write_project(tmp_path / "project", PASSING)

    refused(run_kit("scan", "project", "--demo", cwd=tmp_path), 2, "PATH and --demo name two targets")
    refused(run_kit("importers", "project", "app", "--demo", cwd=tmp_path), 2, "PATH and --demo name two targets")
    refused(run_kit("scan", "/etc/passwd", cwd=tmp_path), 2, "/etc/passwd is not a Python file")


def test_an_interpreter_that_does_not_exist(tmp_path: Path) -> None:
    write_project(tmp_path / "project", PASSING)

    refused(run_kit("run", "project", "--python", "/nowhere/python", cwd=tmp_path), 2, "/nowhere/python")


def test_an_interpreter_that_is_no_python(tmp_path: Path) -> None:
    write_project(tmp_path / "project", PASSING)

    refused(run_kit("run", "project", "--python", "/bin/true", cwd=tmp_path), 2, "/bin/true")


def test_a_case_name_that_is_taken(tmp_path: Path) -> None:
    write_project(tmp_path / "project", PASSING)

    assert run_kit("run", "project", "--case", "monday", cwd=tmp_path).returncode == 0
    refused(run_kit("run", "project", "--case", "monday", cwd=tmp_path), 2, '"monday" exists already', "--resume")


def test_an_unknown_case_to_resume(tmp_path: Path) -> None:
    refused(run_kit("run", "--resume", "never", cwd=tmp_path), 2, '"never"', "--reports-dir")
    assert not list(tmp_path.iterdir()), "who only looks makes nothing"


def test_a_reports_folder_that_cannot_be_written(tmp_path: Path) -> None:
    write_project(tmp_path / "project", PASSING)
    (tmp_path / "file").write_text("")

    refused(run_kit("run", "project", "--reports-dir", "file/reports", cwd=tmp_path), 2, "cannot be written")


def test_an_unknown_option_and_an_unknown_command(tmp_path: Path) -> None:
    refused(run_kit("run", "--fast", cwd=tmp_path), 2, "--fast")
    refused(run_kit("fly", cwd=tmp_path), 2, "fly")


def test_an_unknown_module_is_told_apart_from_one_that_nobody_imports(tmp_path: Path) -> None:
    write_project(tmp_path / "project", PASSING)

    assert run_kit("importers", "project", "app", cwd=tmp_path).returncode == 0
    refused(run_kit("importers", "project", "ap", cwd=tmp_path), 2, "a module ap", "did you mean app?")


def test_no_tests_are_not_a_clean_bill(tmp_path: Path) -> None:
    write_project(tmp_path / "project", {"app/__init__.py": "", "app/models.py": "x = 1\n"})

    refused(run_kit("run", "project", cwd=tmp_path), 3, "test")


def test_an_interpreter_without_pytest(tmp_path: Path) -> None:
    write_project(tmp_path / "project", PASSING)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "project" / ".venv"], check=True)

    refused(run_kit("run", "project", cwd=tmp_path), 3, "pytest")


@pytest.mark.parametrize(
    ("conftest", "words"),
    [
        ("raise RuntimeError('no database')", "no database"),
        ("import sys; sys.exit('bye')", "conftest"),
        ("import os; os._exit(7)", "7"),
        ("import nonexistent_package", "nonexistent_package"),
        ("def broken(:", "conftest"),
    ],
)
def test_a_conftest_that_does_not_load(tmp_path: Path, conftest: str, words: str) -> None:
    root = write_project(tmp_path / "project", {**PASSING, "tests/conftest.py": conftest + "\n"})
    before = fingerprint(root)

    run = run_kit("run", "project", cwd=tmp_path)

    assert run.returncode in {1, 3}
    assert words in run.stderr + run.stdout
    assert "Traceback" not in run.stderr
    assert fingerprint(root) == before


def test_a_conftest_that_prints_and_starts_threads_changes_nothing(tmp_path: Path) -> None:
    conftest = """
        import sys, threading, time
        print('{"kind": "finished"}' * 1000)
        sys.stderr.write("noise " * 10000)
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    """
    write_project(tmp_path / "project", {**PASSING, "tests/conftest.py": conftest})

    run = run_kit("run", "project", "--format", "json", cwd=tmp_path)

    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["accounting"]["passed"] == 1


def test_one_file_with_a_syntax_error_does_not_hide_the_rest(tmp_path: Path) -> None:
    write_project(tmp_path / "project", {**PASSING, "tests/test_bad.py": "def test_(:\n"})

    run = run_kit("run", "project", "--format", "json", cwd=tmp_path)

    assert run.returncode == 1
    accounting = json.loads(run.stdout)["accounting"]
    assert accounting["passed"] == 1
    assert [item["path"] for item in accounting["uncollectable"]] == ["tests/test_bad.py"]


def test_a_package_that_cannot_be_imported_does_not_stop_the_scan(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "raise ImportError('half installed')\n",
        "app/models.py": """
            from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
            class Base(DeclarativeBase): pass
            class A(Base):
                __tablename__ = "a"
                id: Mapped[int] = mapped_column(primary_key=True)
        """,
        "tests/test_a.py": "from app import models\n",
    }
    write_project(tmp_path / "project", files)

    run = run_kit("scan", "project", "--format", "json", cwd=tmp_path)

    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["collisions"] == []


def test_a_machine_without_room_for_temporary_files_is_told_what_it_needs(tmp_path: Path) -> None:
    app = write_project(tmp_path / "app", {"app.py": "", "test_app.py": "def test_a(): pass\n"})
    nowhere = "import tempfile; tempfile._candidate_tempdir_list = lambda: ['/nonexistent']"
    program = f"{nowhere}; from kit.cli.main import main; main()"

    done = subprocess.run(
        [sys.executable, "-c", program, "scan", "."], cwd=app, capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert done.stderr == "kit: No folder for temporary files can be written here: set TMPDIR to one.\n"
