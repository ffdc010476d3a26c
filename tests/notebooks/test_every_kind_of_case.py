"""The notebooks in any order, on every kind of case: none ends with an error, and what is missing is told."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kit.case.kernels import notebooks_folder
from kit.facts.case import NOTEBOOKS
from tests.notebooks.kinds import prepare

pytestmark = pytest.mark.slow


def run_all(here: Path, names: tuple[str, ...] = NOTEBOOKS, **parameters: object) -> dict[str, dict[str, Any]]:
    """Run notebooks one after another in one process, and return what each displayed."""
    runner = Path(__file__).with_name("run_cells.py")
    paths = [str(notebooks_folder() / f"{name}.ipynb") for name in names]
    done = subprocess.run(
        [sys.executable, str(runner), "told.json", json.dumps({"target": "app", **parameters}), *paths],
        cwd=here,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads((here / "told.json").read_text())
    assert [one["error"] for one in told] == [None] * len(names)
    return {one["notebook"]: one for one in told}


def first_screen(shown: dict[str, Any]) -> str:
    return str(shown["html"][0])


def test_a_healthy_app_from_an_empty_store(tmp_path: Path) -> None:
    prepare("healthy", tmp_path)

    shown = run_all(tmp_path)

    overview = first_screen(shown["0_overview"])
    assert "Nothing of this case is known yet." in overview
    for call in ("case.map_registry()", "case.run_tests()", "case.diagnose()", "case.try_fixes()"):
        assert call in overview
    assert "kit investigate --resume app" in overview
    assert "2 of 2 tests passed, and none failed." in first_screen(shown["3_test_batches"])
    assert "No cause was found" in first_screen(shown["4_failure_categories"])
    assert "CLEAR: 2 of 2 collected tests passed" in first_screen(shown["6_incident_report"])


def test_an_app_that_cannot_be_imported_in_reverse_order(tmp_path: Path) -> None:
    prepare("not_importable", tmp_path)

    shown = run_all(tmp_path, NOTEBOOKS[::-1])

    assert "No test was collected." in first_screen(shown["3_test_batches"])
    assert any("1 file could not be collected." in html for html in shown["3_test_batches"]["html"])
    assert "1 cause explains why 1 file could not be collected" in first_screen(shown["4_failure_categories"])
    assert "no_such_package" in first_screen(shown["4_failure_categories"])
    assert "no_such_package" in first_screen(shown["0_overview"])


def test_a_case_of_results_that_others_made(tmp_path: Path) -> None:
    prepare("ingested", tmp_path)

    shown = run_all(tmp_path, case="taken")

    assert "1 of 2 tests failed" in first_screen(shown["3_test_batches"])
    assert any("assert 1 == 2" in html for html in shown["3_test_batches"]["html"])
    assert any("Nothing of the app has changed" in html for html in shown["3_test_batches"]["html"])
