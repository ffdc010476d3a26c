from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.helpers import fingerprint, run_kit, write_project

PROJECT = {
    "pytest.ini": "[pytest]\n",
    "app/__init__.py": "",
    "app/models.py": "class Nothing:\n    pass\n",
    "tests/test_a.py": "def test_x():\n    assert False\n\n\ndef test_y():\n    pass\n",
}
RESULTS = """
    <testsuites><testsuite>
      <testcase classname="tests.test_a" name="test_x" time="0.1">
        <failure message="ModuleNotFoundError: No module named 'redis'">E   ModuleNotFoundError: No module named 'redis'

    tests/test_a.py:2: ModuleNotFoundError</failure></testcase>
      <testcase classname="tests.test_a" name="test_y" time="0.1"/>
    </testsuite></testsuites>
"""
PASSED = '<testsuite><testcase classname="tests.test_a" name="test_x" time="0.1"/></testsuite>'


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    write_project(tmp_path, {"results.txt": RESULTS, "passed.xml": PASSED, "broken.xml": "<testsuites>"})
    return write_project(tmp_path / "shop", PROJECT)


def test_results_of_others_become_a_case_with_a_report(shop: Path, tmp_path: Path) -> None:
    before = fingerprint(shop)

    done = run_kit(
        "ingest", "results.txt", "--target", "shop", "--case", "ci", "--reports-dir", "reports", cwd=tmp_path
    )

    assert done.returncode == 1, done.stderr
    report, verdict = done.stdout.splitlines()
    assert Path(report) == tmp_path / "reports" / "ci" / "incident.html"
    assert 'Package "redis" is not installed' in verdict
    assert "No test was run. The results come from" in Path(report).read_text()
    incident = json.loads((Path(report).parent / "incident.json").read_text())
    assert "tests/test_a.py::test_x" in json.dumps(incident)
    assert fingerprint(shop) == before
    listed = run_kit("cases", "--reports-dir", "reports", "--format", "json", cwd=tmp_path)
    stages = json.loads(listed.stdout)["cases"][0]["stages"]
    assert {stages[name] for name in ("mapper_registry", "test_batches", "failure_categories", "incident_report")} == {
        "done"
    }


def test_a_later_file_that_passes_ends_with_nothing_found(shop: Path, tmp_path: Path) -> None:
    done = run_kit("ingest", "results.txt", "passed.xml", "--target", "shop", "--reports-dir", "reports", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1].startswith("CLEAR")
    assert "the later file counts" in done.stderr


def test_bad_input_ends_with_2_and_begins_no_case(shop: Path, tmp_path: Path) -> None:
    large = tmp_path / "large.json"
    large.touch()
    os.truncate(large, 200_000_000)

    for name in ("missing.xml", "broken.xml", "shop", "large.json"):
        done = run_kit("ingest", "results.txt", name, "--target", "shop", "--reports-dir", "reports", cwd=tmp_path)
        assert done.returncode == 2, done.stderr
        assert done.stderr.startswith(f"kit: {name} ")
        assert done.stderr.count("\n") == 1
    assert not (tmp_path / "reports").exists()


def test_a_file_must_be_named(tmp_path: Path) -> None:
    done = run_kit("ingest", cwd=tmp_path)

    assert done.returncode == 2
    assert "FILE" in done.stderr
