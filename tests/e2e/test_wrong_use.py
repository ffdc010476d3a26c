"""What wrong use gets: exit code 2, one sentence that names the next step, and nothing made, changed or removed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers import fingerprint, run_kit, write_project

pytestmark = pytest.mark.slow

FAILING = {"app/__init__.py": "", "tests/test_one.py": "def test_one():\n    assert {}['key']\n"}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A folder with a project, the case ``c1`` of it, and a file; it has to be the same afterwards."""
    write_project(tmp_path / "project", FAILING)
    assert run_kit("run", "project", "--case", "c1", cwd=tmp_path).returncode == 1
    (tmp_path / "file.txt").write_text("no folder")
    before = _state(tmp_path)
    yield tmp_path
    assert _state(tmp_path) == before


def _state(place: Path) -> dict[str, str]:
    return {name: digest for name, digest in fingerprint(place).items() if not name.endswith(("-shm", "-wal"))}


def refused(place: Path, *words: str) -> str:
    """What a command says that is used wrongly."""
    done: subprocess.CompletedProcess[str] = run_kit(*words, cwd=place)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    (said,) = [line for line in done.stderr.splitlines() if line != "kit: looking at the target …"]
    return said


def test_a_misspelt_case_is_named_and_no_other_is_removed(place: Path) -> None:
    for words in (("rm", "c1", "c11"), ("show", "c11"), ("watch", "c11"), ("compare", "c1", "c11"), ("when", "c11")):
        assert 'There is no case "c11" in this store; did you mean c1?' in refused(place, *words)


@pytest.mark.parametrize(
    "words",
    [
        ("cases",),
        ("show", "c1"),
        ("flaky", "project"),
        ("upgrade-check", "project"),
        ("store", "rebuild"),
        ("run", "project"),
    ],
    ids=" ".join,
)
def test_a_file_in_the_place_of_the_reports_folder(place: Path, words: tuple[str, ...]) -> None:
    assert "file.txt is not a folder. Give --reports-dir" in refused(place, *words, "--reports-dir", "file.txt")


def test_a_doctor_names_a_reports_folder_that_is_a_file(place: Path) -> None:
    done = run_kit("doctor", "project", "--reports-dir", "file.txt", cwd=place)

    assert done.returncode == 1
    assert "file.txt is not a folder" in done.stdout
    assert "Give --reports-dir another folder." in done.stdout


def test_a_store_that_is_none_leaves_no_folder(place: Path) -> None:
    words = ("run", "project", "--reports-dir", "new", "--store-url", "nonsense://x")

    assert "The store cannot be opened" in refused(place, *words)


def test_no_store_is_made_of_a_folder_that_is_not_there(place: Path) -> None:
    assert "There is no case in" in refused(place, "store", "rebuild", "--reports-dir", "nowhere")


def test_values_that_no_run_can_have_are_refused_before_a_case_begins(place: Path) -> None:
    assert "give --workers a number from 1 up" in refused(place, "run", "project", "--workers", "0")
    assert "is not the address of a Dask scheduler" in refused(place, "run", "project", "--cluster", "nohost")
    assert "is in no git repository" in refused(place, "run", "project", "--since", "HEAD")


def test_no_case_begins_where_no_scheduler_answers(place: Path) -> None:
    for words in (("run", "project"), ("investigate", "project", "--reports-dir", "new")):
        done = run_kit(*words, "--cluster", "tcp://127.0.0.1:1", cwd=place)

        assert (done.returncode, done.stdout) == (3, "")
        assert "kit: No Dask scheduler answers at tcp://127.0.0.1:1: Connection refused." in done.stderr


def test_an_issue_is_accepted_for_a_reason_and_until_a_day_to_come(place: Path) -> None:
    assert "--reason is empty" in refused(place, "baseline", "c1", "--reason", " ")
    assert "a day that is over" in refused(place, "baseline", "c1", "--reason", "x", "--expires", "2020-01-01")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_an_output_that_has_no_room_is_not_called_a_fault_of_kit(place: Path) -> None:
    command = [sys.executable, "-m", "kit", "show", "c1"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, cwd=place, stdout=full, stderr=subprocess.PIPE, text=True, check=False)

    assert done.returncode == 4
    assert done.stderr == "kit: There is no room left on the disk of the output: make room, and do it again.\n"
