from __future__ import annotations

from pathlib import Path

import pytest

from kit.case.kernels import notebooks_folder
from kit.cli.lab import copy_notebooks
from kit.facts.case import NOTEBOOKS
from kit.facts.errors import UsageError


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
