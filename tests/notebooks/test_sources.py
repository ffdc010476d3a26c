"""What holds for the notebooks as they are in version control."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest

from kit.case.kernels import notebooks_folder, prepare_imports
from kit.case.notebook_parameters import parameters_cell
from kit.facts.case import NOTEBOOKS

prepare_imports()

FILES = sorted(notebooks_folder().glob("*.ipynb"))


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code_cells(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def test_there_is_an_overview_and_a_notebook_for_each_stage() -> None:
    assert [path.stem for path in FILES] == list(NOTEBOOKS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_outputs_are_stripped(path: Path) -> None:
    assert [cell for cell in code_cells(path) if cell.outputs or cell.execution_count] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_parameters_are_the_declared_ones(path: Path) -> None:
    (cell,) = (cell for cell in code_cells(path) if "parameters" in cell.metadata.get("tags", []))

    assert cell.source == parameters_cell(), "write them anew with: python -m tests.notebooks.make_parameters"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_cell_defines_nothing_and_decides_nothing(path: Path) -> None:
    logic = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.Try, ast.Lambda)
    for cell in code_cells(path):
        found = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, logic)]
        assert found == [], cell.source
