from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from kit.case.kernels import notebooks_folder
from kit.cli.lab import copy_notebooks, place_for_notebooks
from kit.facts.case import NOTEBOOKS
from kit.facts.errors import UsageError
from tests.helpers import fingerprint, write_project


def test_the_notebooks_are_copied_into_the_folder(tmp_path: Path) -> None:
    assert copy_notebooks(notebooks_folder(), tmp_path) == len(NOTEBOOKS)
    assert sorted(path.stem for path in tmp_path.iterdir()) == list(NOTEBOOKS)


def test_a_notebook_that_somebody_has_worked_on_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "3_test_batches.ipynb"
    mine.write_text("mine")

    assert copy_notebooks(notebooks_folder(), tmp_path) == len(NOTEBOOKS) - 1
    assert mine.read_text() == "mine"


def test_in_the_notebooks_own_folder_nothing_is_copied() -> None:
    assert copy_notebooks(notebooks_folder(), notebooks_folder()) == 0


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="The notebooks cannot be copied to"):
        copy_notebooks(notebooks_folder(), tmp_path / "nowhere")


@pytest.mark.parametrize("inside", [".", "src"])
def test_inside_an_app_they_go_beside_it_and_name_it(
    inside: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = write_project(tmp_path / 'my "app"', {"pyproject.toml": "", "src/shop/__init__.py": ""})
    before = fingerprint(app)
    monkeypatch.chdir(app / inside)

    folder, parameters = place_for_notebooks(notebooks_folder(), Path.cwd())
    copied = copy_notebooks(notebooks_folder(), folder, parameters)

    assert (folder, copied) == (tmp_path / 'my "app"-reports/notebooks', len(NOTEBOOKS))
    assert fingerprint(app) == before
    for path in folder.iterdir():
        values: dict[str, object] = {}
        cells = nbformat.read(path, as_version=4).cells
        exec(next(cell.source for cell in cells if "parameters" in cell.metadata.get("tags", [])), values)
        assert (values["target"], values["reports_dir"]) == (str(app), str(folder.parent))
        assert values["timeout_s"] is None


def test_notebooks_that_somebody_keeps_in_the_app_are_used_there(tmp_path: Path) -> None:
    write_project(tmp_path, {"pyproject.toml": "", "0_overview.ipynb": "mine"})

    assert place_for_notebooks(notebooks_folder(), tmp_path) == (tmp_path, {})


def test_a_folder_that_is_no_app_takes_them_itself(tmp_path: Path) -> None:
    assert place_for_notebooks(notebooks_folder(), tmp_path) == (tmp_path, {})
