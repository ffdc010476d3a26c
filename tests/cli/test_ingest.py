from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from tests.helpers import fingerprint, run_kit, write_project

pytestmark = pytest.mark.slow

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


LOG = [
    {"pytest_version": "9.2.0", "$report_type": "SessionStart"},
    {"nodeid": "tests/test_a.py::test_y", "when": "setup", "outcome": "passed", "$report_type": "TestReport"},
]
FOREIGN = """
    <testsuite errors="3" failures="1">
      <testcase classname="unittest.loader._FailedTest.tests" name="test_lost">
        <error>ImportError: Failed to import test module: tests.test_lost
    Traceback (most recent call last):
      File "/ci/shop/tests/test_lost.py", line 1, in &lt;module&gt;
        import nothing_like_this
    ModuleNotFoundError: No module named 'nothing_like_this'</error></testcase>
      <testcase classname="tests.test_a" name="test_x"><failure>E   AssertionError</failure></testcase>
      <testcase classname="tests.test_a" name="test_y:2"><error>KeyError: 2</error></testcase>
      <testcase classname="tests.test_gone.Gone" name="test_z"><error>KeyError: 3</error></testcase>
    </testsuite>
"""


def test_a_log_that_was_cut_off_stays_incomplete_beside_a_failure(shop: Path, tmp_path: Path) -> None:
    failed = {
        **LOG[1],
        "nodeid": "tests/test_a.py::test_x",
        "when": "call",
        "outcome": "failed",
        "longrepr": "E   OSError",
    }
    torn_down = {**failed, "when": "teardown", "outcome": "passed"}
    records = [LOG[0], failed, torn_down, LOG[1]]
    (tmp_path / "log.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, records)).encode()))

    done = run_kit("ingest", "log.jsonl.gz", "--target", "shop", "--reports-dir", "reports", cwd=tmp_path)

    assert done.returncode == 1, done.stderr
    verdict = done.stdout.splitlines()[1]
    assert verdict.startswith("INCOMPLETE: The recorded run did not finish.")
    assert "tests/test_a.py::test_y was still running. It is the suspect" in verdict
    assert "OSError" in verdict


def test_a_file_that_says_that_it_failed_is_not_clear(shop: Path, tmp_path: Path) -> None:
    log = [*LOG, {**LOG[1], "when": "call"}, {**LOG[1], "when": "teardown"}]
    log.append({"exitstatus": 1, "$report_type": "SessionFinish"})
    (tmp_path / "log.jsonl").write_text("\n".join(map(json.dumps, log)))

    done = run_kit("ingest", "log.jsonl", "--target", "shop", "--reports-dir", "reports", cwd=tmp_path)

    assert done.returncode == 3, done.stderr
    assert done.stdout.splitlines()[1].startswith("INCOMPLETE: pytest ended with exit status 1, and the file holds no")


def test_results_are_reported_without_the_source(tmp_path: Path) -> None:
    write_project(
        tmp_path, {"results.xml": RESULTS, "empty/pyproject.toml": '[project]\nname = "shop"\nversion = "0"\n'}
    )

    done = run_kit("ingest", "results.xml", "--target", "empty", "--reports-dir", "reports", cwd=tmp_path)

    assert done.returncode == 1, done.stderr
    assert "holds no Python file that can be read: the results are reported without the source" in done.stderr


def test_what_failed_in_foreign_results_is_run_again_and_the_rest_is_listed(shop: Path, tmp_path: Path) -> None:
    write_project(tmp_path, {"foreign.xml": FOREIGN, "shop/tests/test_lost.py": "import nothing_like_this\n"})
    names = ("--reports-dir", "reports")
    first = run_kit("ingest", "foreign.xml", "--target", "shop", "--case", "ci", *names, cwd=tmp_path)
    assert first.returncode == 1, first.stderr

    done = run_kit("run", "--failed", "ci", "--case", "again", "--format", "json", *names, cwd=tmp_path)

    assert done.returncode == 1, done.stderr
    ran = json.loads(done.stdout)
    assert [(test["nodeid"], test["outcome"]) for test in ran["tests"]] == [("tests/test_a.py::test_x", "failed")]
    assert [file["path"] for file in ran["accounting"]["uncollectable"]] == ["tests/test_lost.py"]
    finds_no = "1 test was not run again: pytest finds no such test:"
    assert f"kit: {finds_no} tests/test_gone.py::Gone::test_z.\n" in done.stderr
    assert f"kit: {finds_no} tests/test_a.py::test_y:2.\n" in done.stderr
