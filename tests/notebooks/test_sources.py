"""What holds for the notebooks as they are in version control."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest

from kit.case.kernels import notebooks_folder, prepare_imports
from kit.facts.case import STAGES

prepare_imports()

COMMON = [
    "target",
    "case",
    "python",
    "tests",
    "app",
    "timeout_s",
    "workers",
    "reports_dir",
    "store_url",
    "run",
    "categories",
]
NOTEBOOKS = sorted(notebooks_folder().glob("*.ipynb"))


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code_cells(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def test_there_is_a_notebook_for_each_stage() -> None:
    assert [path.stem for path in NOTEBOOKS] == list(STAGES.values())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_stripped(path: Path) -> None:
    assert [cell for cell in code_cells(path) if cell.outputs or cell.execution_count] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_common_parameter_has_a_type_a_default_and_a_comment(path: Path) -> None:
    (cell,) = (cell for cell in code_cells(path) if "parameters" in cell.metadata.get("tags", []))
    assignments = [node for node in ast.parse(cell.source).body if isinstance(node, ast.AnnAssign)]

    assert [node.target.id for node in assignments if isinstance(node.target, ast.Name)] == COMMON
    lines = cell.source.splitlines()
    for node in assignments:
        comment = lines[node.lineno - 1].partition("  # ")[2]
        assert len(comment) > 10, f"{lines[node.lineno - 1]} has no help"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_cell_defines_nothing_and_decides_nothing(path: Path) -> None:
    logic = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.Try, ast.Lambda)
    for cell in code_cells(path):
        found = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, logic)]
        assert found == [], cell.source
