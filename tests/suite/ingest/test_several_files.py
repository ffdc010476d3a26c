"""Several files of one run, several attempts at one test, and tests that never came back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.suite.ingest import read_results
from tests.helpers import write_project
from tests.suite.projects import by_name, target_of


@pytest.fixture
def target(tmp_path: Path) -> Target:
    return target_of(write_project(tmp_path / "shop", {"tests/test_a.py": "", "tests/test_b.py": ""}))


def junit(path: Path, *cases: str) -> Path:
    path.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>")
    return path


def case(name: str, inside: str = "") -> str:
    return f'<testcase classname="tests.test_a" name="{name}" time="0.5">{inside}</testcase>'


def log(
    path: Path, *records: dict[str, Any], end: str = '{"exitstatus": 1, "$report_type": "SessionFinish"}\n'
) -> Path:
    path.write_text("".join(json.dumps({"$report_type": "TestReport", **record}) + "\n" for record in records) + end)
    return path


def report(when: str, outcome: str = "passed", longrepr: str | None = None) -> dict[str, Any]:
    return {
        "nodeid": "tests/test_a.py::test_x",
        "when": when,
        "outcome": outcome,
        "longrepr": longrepr,
        "duration": 0.25,
        "location": ["tests/test_a.py", 4, "test_x"],
    }


def only(suite: SuiteFacts) -> Any:
    (result,) = suite.results
    return result


def test_the_later_file_counts_and_a_sentence_says_so(target: Target, tmp_path: Path) -> None:
    first = junit(tmp_path / "first.xml", case("test_x", '<failure message="no"/>'), case("test_y"))
    second = junit(tmp_path / "second.xml", case("test_x"), case("test_z"))

    suite = read_results([first, second], target)

    assert {name: result.outcome for name, result in by_name(suite).items()} == dict.fromkeys(
        ("test_x", "test_y", "test_z"), "passed"
    )
    assert "first.xml (JUnit XML, 2 tests), second.xml (JUnit XML, 2 tests)" in (suite.isolation or "")
    assert "1 test is in more than one of them: the later file counts." in (suite.isolation or "")
    assert suite.failures == {}


def test_a_file_that_a_later_run_could_collect_is_no_error(target: Target, tmp_path: Path) -> None:
    broken = (
        '<testcase classname="" name="tests.test_a"><error message="collection failure">E   OSError</error></testcase>'
    )
    first, second = junit(tmp_path / "1.xml", broken), junit(tmp_path / "2.xml", case("test_x"))

    assert [error.path for error in read_results([first], target).collection_errors] == ["tests/test_a.py"]
    assert read_results([first, second], target).collection_errors == ()


def test_files_of_different_formats_make_one_run(target: Target, tmp_path: Path) -> None:
    suite = read_results([junit(tmp_path / "a.xml", case("test_y")), log(tmp_path / "b", report("call"))], target)

    assert sorted(by_name(suite)) == ["test_x", "test_y"]


def test_of_reruns_the_last_counts(target: Target, tmp_path: Path) -> None:
    first = [report("setup"), report("call", "rerun", "E   OSError"), report("teardown")]
    last = [report("setup"), report("call"), report("teardown")]

    result = only(read_results([log(tmp_path / "log", *first, *last)], target))

    assert (result.outcome, result.failure, result.seconds) == ("passed", None, 0.75)


def test_a_failed_call_outweighs_an_error_at_its_teardown(target: Target, tmp_path: Path) -> None:
    torn = '<error message="failed on teardown with &quot;OSError: gone&quot;"/>'

    suite = read_results(
        [junit(tmp_path / "a", case("test_x", '<failure message="no"/>'), case("test_x", torn))], target
    )

    assert (only(suite).outcome, only(suite).phase) == ("failed", "call")


def test_a_timeout_and_a_lost_worker_are_named(target: Target, tmp_path: Path) -> None:
    timeout = "E   Failed: Timeout (&gt;1.5s) from pytest-timeout.\n\ntests/test_a.py:3: Failed"
    lost = "worker &apos;gw0&apos; crashed while running &apos;tests/test_a.py::test_y&apos;"
    cases = (
        case("test_x", f"<failure>{timeout}</failure>"),
        case("test_y", f'<failure message="{lost}">{lost}</failure>'),
    )

    results = by_name(read_results([junit(tmp_path / "a.xml", *cases)], target))

    assert (results["test_x"].outcome, results["test_x"].reason) == ("timed_out", "timed out after 1.5 s in call")
    assert (results["test_y"].outcome, results["test_y"].reason) == ("crashed", "crashed: its process was gone")


def test_a_log_that_was_cut_off_keeps_what_it_has(target: Target, tmp_path: Path) -> None:
    suite = read_results([log(tmp_path / "log", report("setup"), end='{"nodeid": "tests/te')], target)

    assert (only(suite).outcome, only(suite).phase) == ("not_run", None)
    assert suite.problem == (
        "The recorded run did not finish. Its last line is cut off. When the log ends, "
        "tests/test_a.py::test_x was still running. It is the suspect: a crash, a hang, or the run was stopped from "
        "outside."
    )
    assert suite.accounting.holds()


def test_tests_that_the_tree_does_not_have_are_counted(target: Target, tmp_path: Path) -> None:
    gone = '<testcase classname="tests.test_gone" name="test_x"/>'

    suite = read_results([junit(tmp_path / "a.xml", gone, case("test_y"))], target)

    assert "1 test could not be found in the target" in (suite.isolation or "")


def test_results_without_a_test_are_said_to_be_empty(target: Target, tmp_path: Path) -> None:
    assert read_results([junit(tmp_path / "a.xml")], target).problem == "The results name no test."
