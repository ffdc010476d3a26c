"""Every command and ``kit.open`` look for cases in the same folders, and take no other project's."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.case.investigation import Investigation
from kit.case.options import CaseOptions
from kit.case.storage import known_store, newest_case
from tests.helpers import write_project


def begin(root: Path, called_in: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> Path:
    """Begin a case as a command that is called in a folder does; returns the folder of its reports."""
    monkeypatch.chdir(called_in)
    begun = Investigation.start(CaseOptions.of(root, case=name))
    begun.store.close()
    return begun.reports


def folder_seen(options: CaseOptions | None = None) -> Path | None:
    """The folder whose cases a command sees."""
    reports, store = known_store(options or CaseOptions())
    if store is not None:
        store.close()
    return reports if store is not None else None


@pytest.mark.slow
@pytest.mark.parametrize("begun_in", [".", "app", "app/tests"])
@pytest.mark.parametrize("asked_in", [".", "app", "app/tests", "work"])
def test_a_case_is_found_from_around_its_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begun_in: str, asked_in: str
) -> None:
    root = write_project(tmp_path / "app", {"pytest.ini": "[pytest]\n", "tests/test_a.py": "", "../work/notes.txt": ""})
    reports = begin(root, tmp_path / begun_in, monkeypatch, "one")

    monkeypatch.chdir(tmp_path / asked_in)

    assert folder_seen(CaseOptions.of(root)) == reports
    found = newest_case(CaseOptions.of(root), root)
    assert found is not None
    assert found[0] == "one"
    assert Path(found[1].reports_dir) == reports
    if asked_in.startswith("app"):  # a command that takes no path knows the app by where it is called
        assert folder_seen() == reports


def test_reports_of_another_project_that_lie_above_are_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = write_project(tmp_path / "other", {"test_a.py": ""})
    begin(other, tmp_path, monkeypatch, "of-the-other")
    mine = write_project(tmp_path / "mine", {"test_a.py": ""})

    monkeypatch.chdir(mine)

    assert folder_seen() is None
    assert newest_case(CaseOptions.of(mine), mine) is None


def test_the_folder_that_is_named_is_the_only_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write_project(tmp_path / "app", {"test_a.py": ""})
    begin(root, tmp_path, monkeypatch, "one")

    assert folder_seen(CaseOptions.of(root, reports_dir=str(tmp_path / "empty"))) is None
