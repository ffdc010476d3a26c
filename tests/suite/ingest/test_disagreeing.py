"""A file that says that its run failed is never taken for a run in order, and what does not fit is counted."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kit.facts.errors import UsageError
from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.suite.ingest import read_file, read_results
from tests.helpers import write_project
from tests.suite.projects import target_of

PASSED = '<testcase classname="tests.test_a" name="test_x"/>'
FAILED = PASSED.replace("/>", "><failure>E   OSError</failure></testcase>")
START = {"pytest_version": "9.2.0", "$report_type": "SessionStart"}


@pytest.fixture
def target(tmp_path: Path) -> Target:
    return target_of(write_project(tmp_path / "shop", {"tests/test_a.py": "def test_x():\n    pass\n"}))


Read = Callable[[str | bytes], SuiteFacts]


@pytest.fixture
def read(target: Target, tmp_path: Path) -> Read:
    """What a file of that content says."""

    def of(content: str | bytes) -> SuiteFacts:
        path = tmp_path / "results"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_results([path], target)

    return of


def report(name: str = "test_x", when: str = "call", outcome: str = "passed", **more: Any) -> dict[str, Any]:
    return {
        "location": ["tests/test_a.py", 0, name],
        "outcome": outcome,
        "when": when,
        "nodeid": f"tests/test_a.py::{name}",
        "$report_type": "TestReport",
        **more,
    }


def log(*records: dict[str, Any], status: int | None = 0) -> str:
    end = [] if status is None else [{"exitstatus": status, "$report_type": "SessionFinish"}]
    return "".join(json.dumps(one) + "\n" for one in (START, *records, *end))


def json_report(*tests: dict[str, Any], exitcode: int = 0, **more: Any) -> str:
    return json.dumps({"exitcode": exitcode, "summary": {}, "tests": list(tests), **more})


def of_json(outcome: str, **phases: str) -> dict[str, Any]:
    told = {phase: {"outcome": said, "duration": 0.1} for phase, said in phases.items()}
    return {"nodeid": "tests/test_a.py::test_x", "lineno": 0, "outcome": outcome, **told}


def outcomes(suite: SuiteFacts) -> dict[str, str]:
    return {result.nodeid.partition("::")[2]: result.outcome for result in suite.results}


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (1, "pytest ended with exit status 1, and the file holds no failure that would explain it."),
        (2, "pytest was interrupted (exit status 2): tests may be missing."),
        (3, "pytest itself failed during the recorded run (exit status 3)."),
        (4, "pytest did not accept its command line or configuration (exit status 4)."),
        (77, "pytest ended with exit status 77, and the file holds no failure that would explain it."),
    ],
)
def test_an_exit_status_without_a_failure_is_reported(read: Read, status: int, said: str) -> None:
    assert read(log(report(), status=status)).problem == said
    assert read(json_report(of_json("passed", call="passed"), exitcode=status)).problem == said


def test_an_exit_status_that_a_failure_explains_is_in_order(read: Read) -> None:
    bad = report(outcome="failed", longrepr="E   OSError")
    broken = {
        "nodeid": "tests/test_b.py",
        "outcome": "failed",
        "longrepr": "E   OSError",
        "$report_type": "CollectReport",
    }

    assert read(log(bad, status=1)).problem is None
    assert read(log(broken, report(), status=1)).problem is None
    assert "files could not be collected" in (read(log(broken, status=2)).problem or "")


def test_a_failure_that_a_rerun_replaced_does_not_explain_the_exit_status(read: Read) -> None:
    part = report(outcome="failed", longrepr="E   OSError", **{"$report_type": "SubTestReport"})

    suite = read(log(part, report(when="setup"), report(outcome="rerun"), report(when="setup"), report(), status=1))

    assert outcomes(suite) == {"test_x": "passed"}
    assert "exit status 1" in (suite.problem or "")


def test_a_subtest_that_comes_before_the_setup_of_its_test_is_kept(read: Read) -> None:
    part = report(outcome="failed", longrepr="E   OSError", **{"$report_type": "SubTestReport"})

    suite = read(log(part, report(when="setup"), report(), report(when="teardown"), status=1))

    assert outcomes(suite) == {"test_x": "failed"}
    assert suite.problem is None


def test_a_test_that_failed_as_a_whole_has_failed_though_its_phases_passed(read: Read) -> None:
    suite = read(json_report(of_json("failed", setup="passed", call="passed"), exitcode=1, summary={"failed": 1}))

    assert outcomes(suite) == {"test_x": "failed"}
    assert suite.problem is None


def test_tests_that_were_collected_and_never_ran_are_not_run(read: Read) -> None:
    items = [{"nodeid": f"tests/test_a.py::test_{name}", "type": "Function", "lineno": 3} for name in "xyz"]
    items[2]["deselected"] = True
    collectors = [{"nodeid": "tests/test_a.py", "outcome": "passed", "result": items}]

    suite = read(json_report(of_json("passed", call="passed"), collectors=collectors))

    assert outcomes(suite) == {"test_x": "passed", "test_y": "not_run"}
    assert suite.problem == "1 test has no outcome in the results."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f'<testsuite failures="1">{PASSED}</testsuite>', "its attributes count 1 failed, and kit counts 0"),
        (
            f'<testsuite failures="1" errors="1" name="a">{FAILED}</testsuite>',
            'for the suite "a" count 2 failed, and kit',
        ),
        (f'<testsuites errors="3"><testsuite>{PASSED}</testsuite></testsuites>', "count 3 failed, and kit counts 0"),
        ('<testsuite><testcase time="0.1"/></testsuite>', "A test case has no name: pytest was interrupted in it"),
        ('<testsuite tests="3" failures="0"/>', "says that it has tests, and holds none"),
        (f"<testsuite>{PASSED.replace('/>', '><oops/><oops/></testcase>')}</testsuite>", "2 elements <oops>"),
        (
            json_report(of_json("passed", call="passed"), summary={"failed": 2}),
            "it says 2 tests failed, and kit counts 0",
        ),
        (
            json_report(exitcode=1, summary={"total": 0, "error": 1}),
            "it says 1 test ended in an error, and kit counts 0",
        ),
        ('{"exitcode": 0, "summary": {"total": 3}}', "written without its tests"),
        (
            json_report(of_json("passed", call="passed"), collectors=[3, "x"]),
            '2 records of "collectors" could not be read',
        ),
        (
            json.dumps(
                {"reportFormat": "CTRF", "results": {"summary": {"tests": 2, "failed": 1}, "tests": [{"name": "x"}]}}
            ),
            "it says 2 tests in all, and kit counts 1; 1 test failed, and kit counts 0",
        ),
        (log(report(), {"$report_type": "Novelty", "outcome": "failed"}), "1 record (Novelty) could not be read"),
        (log(report()) + "garbage\n" + log(report("test_y")), "1 line is not a JSON object and is left out (line 4)"),
        (log(report()) + '{"exit', "The last line is cut off and is left out."),
    ],
)
def test_a_file_that_does_not_agree_with_itself_is_incomplete(read: Read, content: str, said: str) -> None:
    assert said in (read(content).problem or "")


@pytest.mark.parametrize(
    "content",
    [
        f'<testsuite failures="1" errors="0" tests="1">{FAILED}</testsuite>',
        f'<testsuite failures="0"><testsuite failures="1">{FAILED}</testsuite></testsuite>',  # without nested suites
        f'<testsuite failures="1"><testsuite failures="1">{FAILED}</testsuite></testsuite>',  # with them
        f'<testsuite failures="0" tests="7">{PASSED}</testsuite>',  # pytest counts subtests here
        f'<testsuite failures="many">{FAILED}</testsuite>',
        json_report(of_json("failed", call="failed"), exitcode=1, summary={"failed": 1, "total": 1}),
        log(report()),
    ],
)
def test_a_file_that_agrees_with_itself_has_no_problem(read: Read, content: str) -> None:
    assert read(content).problem is None


@pytest.mark.parametrize("how", ['<error message="no server">trace</error>', "<failure>no server\ntrace</failure>"])
def test_a_failure_of_a_suite_itself_leaves_the_results_incomplete(read: Read, how: str) -> None:
    counts = 'tests="1" errors="0" failures="0"'
    suite = f'<testsuite name="pytest" {counts}>{how}{PASSED}</testsuite>'

    facts = read(f"<testsuites>{suite}</testsuites>")

    assert facts.problem == 'The suite "pytest" itself failed: no server.'
    assert outcomes(facts) == {"test_x": "passed"}


def test_the_worst_of_several_cases_of_one_name_counts(read: Read) -> None:
    assert outcomes(read(f"<testsuite>{FAILED}{PASSED}</testsuite>")) == {"test_x": "failed"}


@pytest.mark.parametrize(
    ("attribute", "outcome"),
    [('status="failed"', "failed"), ('result="skipped"', "skipped"), ('status="run"', "passed")],
)
def test_an_outcome_in_an_attribute_counts(read: Read, attribute: str, outcome: str) -> None:
    suite = read(f"<testsuite>{PASSED.replace('/>', f' {attribute}/>')}</testsuite>")

    assert outcomes(suite) == {"test_x": outcome}


def test_a_log_that_ends_within_a_record_names_the_test_of_that_record(read: Read) -> None:
    whole = log(
        report(when="setup"), report(), report(when="teardown"), report("TestC.test_y[a.b]", "setup"), status=None
    )

    suite = read(whole[: whole.rindex('"nodeid"')])

    assert outcomes(suite) == {"test_x": "passed", "TestC::test_y[a.b]": "not_run"}
    assert suite.results[1].reason == "The log ends while it was running."
    assert "tests/test_a.py::TestC::test_y[a.b] was still running. It is the suspect" in (suite.problem or "")


def test_a_log_that_ends_between_tests_names_the_last_one(read: Read) -> None:
    suite = read(log(report(when="setup"), report(), report(when="teardown"), status=None))

    assert suite.problem == (
        "The recorded run did not finish. It ends after tests/test_a.py::test_x; "
        "the suspect is the test that came next."
    )


def test_of_several_workers_every_test_that_was_running_is_a_suspect(read: Read) -> None:
    suite = read(log(report("test_x", "setup"), report("test_y", "setup"), status=None))

    assert "test_x, tests/test_a.py::test_y were still running. They are the suspects" in (suite.problem or "")


def test_warnings_of_a_log_are_kept(read: Read) -> None:
    warning = {
        "category": "RuntimeWarning",
        "filename": "/ci/shop/tests/test_a.py",
        "lineno": 2,
        "message": "never awaited",
    }

    suite = read(log(*[{**warning, "when": "runtime", "$report_type": "WarningMessage"}] * 2, report()))

    (found,) = suite.warnings
    assert (found.category, found.message, found.path, found.line, found.count) == (
        "RuntimeWarning",
        "never awaited",
        "tests/test_a.py",
        2,
        2,
    )


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize(
    "content",
    [f"<testsuite>{FAILED}</testsuite>", log(report(outcome="failed")), json_report(of_json("failed", call="failed"))],
)
def test_compressed_files_of_every_format_are_read(
    read: Read, compress: Callable[[bytes], bytes], content: str
) -> None:
    assert outcomes(read(compress(content.encode()))) == {"test_x": "failed"}


def test_several_compressed_streams_in_one_file_are_read(read: Read) -> None:
    first, second = log(report(), status=None), log(report("test_y"))

    suite = read(gzip.compress(first.encode()) + gzip.compress(second.encode()))

    assert outcomes(suite) == {"test_x": "passed", "test_y": "passed"}
    assert suite.problem is None


@pytest.mark.slow
def test_a_compressed_file_that_is_cut_off_gives_what_it_has(read: Read) -> None:
    # what cannot be compressed fills more than one block, so that the first tests are whole
    drawn = random.Random(1)
    noise = [report(f"test_{number}", user_properties=[drawn.random()]) for number in range(3_000)]
    packed = gzip.compress(log(*noise).encode())

    suite = read(packed[: len(packed) // 2])

    assert 500 < len(suite.results) < 3_000
    assert "The compressed file is cut off or damaged" in (suite.problem or "")
    assert "did not finish" in (suite.problem or "")


@pytest.mark.slow
def test_a_compressed_file_that_holds_nothing_or_too_much_is_refused(tmp_path: Path) -> None:
    (tmp_path / "short.gz").write_bytes(gzip.compress(b"<testsuite/>")[:6])
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(bytes(100_000_001)))

    with pytest.raises(UsageError, match="is compressed, and cut off or damaged"):
        read_file(tmp_path / "short.gz")
    with pytest.raises(UsageError, match="more than 100 MB when it is decompressed"):
        read_file(tmp_path / "bomb.gz")


def test_a_file_of_bazel_without_pytests_output_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "test.xml"
    path.write_text(
        '<testsuites><testsuite name="a"><testcase name="a" status="run"/>'
        "<system-out>Generated test.log\nExecuting tests from //a:a\nok</system-out></testsuite></testsuites>"
    )

    with pytest.raises(UsageError, match="written by Bazel for the whole target a and holds no output of pytest"):
        read_file(path)


def test_a_class_that_the_target_does_not_have_stands_for_its_tests(read: Read) -> None:
    suite = read(
        '<testsuite><testcase classname="" name="setUpClass (tests.test_gone.Gone)">'
        '<error type="OSError" message="shut">OSError: shut</error></testcase></testsuite>'
    )

    assert [(result.nodeid, result.outcome) for result in suite.results] == [("tests/test_gone.py::Gone", "error")]
