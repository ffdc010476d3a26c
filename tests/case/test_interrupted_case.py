"""An interrupted case reports what it has run, keeps it, and goes on with the options that are given then."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from kit.case.investigation import Investigation
from kit.case.options import CaseOptions
from kit.facts.errors import TargetError, UsageError
from kit.suite import PlainDisplay, Progress
from tests.helpers import write_project

pytestmark = pytest.mark.slow

FILES = {
    "test_a.py": """
        import pytest

        @pytest.mark.parametrize("n", range(6))
        def test_n(n):
            assert n != 1
    """
}


class Interrupting(PlainDisplay):
    """Sends Ctrl-C once three tests are finished."""

    def show(self, progress: Progress) -> None:
        if progress.finished == 3:
            os.kill(os.getpid(), signal.SIGINT)


def options(tmp_path: Path, **more: Any) -> CaseOptions:
    values = {"case": "c", "reports_dir": str(tmp_path / "reports"), "workers": 1, "run": {"recheck_s": 0}, **more}
    return CaseOptions.of(str(tmp_path / "project"), **values)


@pytest.fixture
def interrupted(tmp_path: Path) -> Iterator[Investigation]:
    write_project(tmp_path / "project", FILES)
    investigation = Investigation.start(options(tmp_path))
    with pytest.raises(KeyboardInterrupt):
        investigation.run_tests(Interrupting())
    yield investigation
    investigation.store.close()


def counts(investigation: Investigation) -> Mapping[str, int]:
    suite = investigation.facts.suite
    assert suite is not None
    return {"collected": suite.accounting.collected, "run": suite.accounting.executed}


def test_what_was_run_is_explained_and_reported(interrupted: Investigation) -> None:
    # the process that ran the tests may be killed before it has saved anything
    with interrupted.store._transaction() as connection:
        connection.exec_driver_sql("delete from outcomes")
        connection.exec_driver_sql("delete from heads where room in ('suite', 'tests', 'results')")

    grouping, _ = interrupted.diagnose(with_inventory=False)
    report = interrupted.write_report().read_text()

    assert [group.count for group in grouping.groups] == [1]
    assert counts(interrupted)["collected"] == 6
    assert 3 <= counts(interrupted)["run"] < 6
    assert "The test suite was not run" not in report
    assert "The run was interrupted" in report
    assert "Sessions of the test run" in report


def test_a_shorter_limit_removes_no_outcome_and_the_rest_is_run_later(
    interrupted: Investigation, tmp_path: Path
) -> None:
    before = interrupted.events.read_bytes()
    short = Investigation.open(options(tmp_path, run={"recheck_s": 0, "run_timeout_s": 0.001}))
    ran = short.run_tests()
    short.store.close()

    assert ran.accounting.collected == 6
    assert ran.accounting.executed >= 3
    again = Investigation.open(options(tmp_path))
    whole = again.run_tests()
    assert (whole.accounting.passed, whole.accounting.failed) == (5, 1)
    assert again.events.read_bytes().startswith(before)
    stage = again.record.stage("test_batches")
    assert stage is not None
    assert [(one.outcome, one.error) for one in stage.earlier] == [("failed", "interrupted"), ("done", None)]
    report = again.write_report().read_text()
    assert report.count('<th scope="row">Test batches</th>') == 3
    again.store.close()


def test_options_given_at_resume_count_from_then_on(interrupted: Investigation, tmp_path: Path) -> None:
    given = CaseOptions.of(reports_dir=str(tmp_path / "reports"), timeout_s=7, run={"run_timeout_s": 540})
    resumed = Investigation.resume("c", given, {"timeout_s", "run_timeout_s"})
    resumed.store.close()
    later = Investigation.resume("c", CaseOptions.of(reports_dir=str(tmp_path / "reports")))

    assert resumed.options.run == {"recheck_s": 0.0, "run_timeout_s": 540.0}
    assert later.options == resumed.options
    assert later.options.timeout_s == 7
    later.store.close()


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("target", {"target": "elsewhere"}, "Leave out PATH"),
        ("tests", {"tests": ("test_b.py",)}, "--tests cannot change"),
        ("python", {"python": "/usr/bin/other"}, "began with the default"),
        ("case", {"case": "d"}, "name two cases"),
    ],
)
def test_what_a_case_is_about_cannot_change(
    interrupted: Investigation, tmp_path: Path, name: str, values: dict[str, Any], said: str
) -> None:
    given = CaseOptions.of(**{"reports_dir": str(tmp_path / "reports"), **values})
    with pytest.raises(UsageError, match=said):
        Investigation.resume("c", given, {name})


def test_a_cluster_that_does_not_answer_is_refused_and_not_recorded(interrupted: Investigation, tmp_path: Path) -> None:
    nowhere = CaseOptions.of(reports_dir=str(tmp_path / "reports"), run={"cluster": "tcp://127.0.0.1:1"})

    with pytest.raises(TargetError, match="No Dask scheduler answers at tcp://127.0.0.1:1"):
        Investigation.resume("c", nowhere, {"cluster"})

    assert "cluster" not in interrupted.store.load("c", ()).case.parameters["run"]


def test_tests_are_not_run_in_a_case_of_results_that_others_made_nor_the_reverse(
    interrupted: Investigation, tmp_path: Path
) -> None:
    results = tmp_path / "junit.xml"
    results.write_text('<testsuite><testcase classname="test_a" name="test_n" file="test_a.py"/></testsuite>')
    with pytest.raises(UsageError, match="into another case"):
        interrupted.ingest(results)

    other = Investigation.start(options(tmp_path, case="other"))
    other.ingest(results)
    with pytest.raises(UsageError, match="as another case"):
        other.run_tests()
    assert counts(other)["collected"] == 1
    other.store.close()


@pytest.mark.parametrize(
    "name", ["kit.sqlite-journal", "kit.sqlite", "KIT.SQLITE-wal", "kit.sqlite-shm", "own.db-wal", "Index.html"]
)
def test_a_name_that_a_file_of_kit_needs_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="kit has a file of this name"):
        CaseOptions.of(case=name, store_url="sqlite:////tmp/own.db" if name.startswith("own") else "")
