"""What real runners wrote, in their current and an older release, comes to what plain pytest says of the same tests."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.suite.ingest import read_results
from tests.helpers import write_project
from tests.suite.ingest.yard import SAMPLES, YARD
from tests.suite.projects import target_of

pytestmark = pytest.mark.slow

ONLY_SUBTESTS = "tests/test_mixed.py::TestUnit::test_only_subtests_fail"
XPASS, SUBTEST_SKIPS = "tests/test_mixed.py::test_xpass", "tests/test_mixed.py::test_subtests_skip"

PYTEST_FILES = [
    *((release, f"plain.{form}") for release in ("new", "old") for form in ("xml", "jsonl.gz")),
    *((release, f"xdist.{form}") for release in ("new", "old") for form in ("xml", "jsonl.gz")),
    ("new", "rerun.xml"),
    ("new", "rerun.jsonl.gz"),
    ("new", "ctrf.json.gz"),
]
JSON_REPORTS = [("new", "plain.json.gz"), ("new", "xdist.json.gz"), ("old", "plain.json.gz"), ("old", "xdist.json.gz")]


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Target:
    """The project that the samples are of."""
    return target_of(write_project(tmp_path_factory.mktemp("samples") / "yard", YARD))


def judged(release: str, folder: str) -> dict[str, dict[str, str]]:
    """What plain pytest of that release said."""
    found: dict[str, dict[str, str]] = json.loads((SAMPLES / release / f"judged-{folder}.json").read_text())
    return found


def outcomes(suite: SuiteFacts) -> dict[str, str]:
    return {result.nodeid: result.outcome for result in suite.results}


def uncollectable(suite: SuiteFacts) -> list[str]:
    return sorted(error.path for error in suite.collection_errors)


def xmlrunner(release: str) -> list[Path]:
    return sorted((SAMPLES / release).glob("TEST-*.xml"))


def messages(suite: SuiteFacts, test: str) -> str:
    (failure,) = [one.failure for one in suite.results if one.nodeid == test]
    return suite.failures[failure or ""].raised.message


@pytest.mark.parametrize(("release", "name"), PYTEST_FILES)
def test_files_of_pytest_come_to_what_pytest_says(yard: Target, release: str, name: str) -> None:
    suite = read_results([SAMPLES / release / name], yard)

    expected = judged(release, "tests")["outcomes"]
    if ".jsonl" not in name:  # JUnit XML and CTRF know neither unexpected passes nor which part of a test was skipped
        expected = expected | {XPASS: "passed", SUBTEST_SKIPS: "skipped"}
    assert len(expected) == 18
    assert outcomes(suite) == expected
    assert messages(suite, ONLY_SUBTESTS) == "0 not greater than 0"
    assert messages(suite, "tests/test_mixed.py::test_subtests").startswith("odd 1")
    if "ctrf" not in name:  # it does not name files that could not be collected
        assert uncollectable(suite) == ["tests/test_lost.py"]
    assert suite.problem is None


@pytest.mark.parametrize(("release", "name"), JSON_REPORTS)
def test_a_json_report_that_hides_a_failed_subtest_is_incomplete(yard: Target, release: str, name: str) -> None:
    suite = read_results([SAMPLES / release / name], yard)

    expected = judged(release, "tests")["outcomes"] | {SUBTEST_SKIPS: "skipped"}
    if release == "new":  # it keeps the outcome of the last subtest only, and that one passed
        expected = expected | {ONLY_SUBTESTS: "passed"}
        assert ONLY_SUBTESTS in (suite.problem or "")
    assert outcomes(suite) == expected
    assert uncollectable(suite) == ["tests/test_lost.py"]
    assert "keeps only the last subtest" in (suite.problem or "")


@pytest.mark.parametrize("release", ["new", "old"])
def test_files_of_xmlrunner_come_to_what_pytest_says(yard: Target, release: str) -> None:
    expected = judged(release, "unit")["outcomes"]
    if release == "old":
        expected = {nodeid: outcome for nodeid, outcome in expected.items() if "test_expected" not in nodeid}
    files = xmlrunner(release)

    for order in (files, files[::-1]):
        suite = read_results(order, yard)
        assert outcomes(suite) == expected
        assert uncollectable(suite) == ["unit/test_gone.py"]
        assert suite.problem is None


@pytest.mark.parametrize("release", ["new", "old"])
def test_files_of_nose2_come_to_what_pytest_says(yard: Target, release: str) -> None:
    suite = read_results([SAMPLES / release / "nose2.xml"], yard)

    assert outcomes(suite) == judged(release, "unit")["outcomes"]
    assert uncollectable(suite) == judged(release, "unit")["files"] == ["unit/test_gone.py"]
    assert suite.collection_errors[0].failure.raised.message == "No module named 'yard.freight'"
    assert suite.problem is None


@pytest.mark.parametrize("release", ["new", "old"])
def test_robots_suites_are_found_in_their_files(yard: Target, release: str) -> None:
    suite = read_results([SAMPLES / release / "robot.xml"], yard)

    file = "robot/sub/01__gate.robot"
    assert outcomes(suite) == {
        f"{file}::Level Of Bolt": "passed",
        f"{file}::Level Of Ring": "failed",
        f"{file}::Later": "skipped",
    }
    assert {result.path for result in suite.results} == {file}
    assert messages(suite, f"{file}::Level Of Ring") == "ring is not in stock"


def bazel(path: Path, output: Iterable[str], *, fails: bool) -> Path:
    """A file as Bazel's own script writes it for a test that writes none."""
    error = '<error message="exited with error code 1"></error>' if fails else ""
    log = "\n".join(["Executing tests from //tests:test_mixed", "-" * 77, *output])
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
        f'  <testsuite name="tests/test_mixed" tests="1" failures="0" errors="{int(fails)}">\n'
        f'    <testcase name="tests/test_mixed" status="run" duration="3" time="3">{error}</testcase>\n'
        "      <system-out>\nGenerated test.log (if the file is not UTF-8, then this may be unreadable):\n"
        f"<![CDATA[{log}]]>\n      </system-out>\n    </testsuite>\n</testsuites>\n"
    )
    return path


@pytest.mark.parametrize("release", ["new", "old"])
@pytest.mark.parametrize("how", ["plain", "xdist"])
def test_pytests_output_in_a_file_of_bazel_is_read(yard: Target, tmp_path: Path, release: str, how: str) -> None:
    output = (SAMPLES / release / f"{how}.txt").read_text().splitlines()

    suite = read_results([bazel(tmp_path / "test.xml", output, fails=True)], yard)

    expected = judged(release, "tests")["outcomes"]
    assert outcomes(suite) == {nodeid: one for nodeid, one in expected.items() if one in ("failed", "error")}
    assert uncollectable(suite) == ["tests/test_lost.py"]
    assert messages(suite, ONLY_SUBTESTS) == "0 not greater than 0"
    assert "that passed or were skipped and does not name them" in (suite.problem or "")
