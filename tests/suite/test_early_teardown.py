"""A fixture that outlives a test is torn down after the last test of a process: if that fails, plain order counts."""

from __future__ import annotations

import pytest

from kit.facts.suite import TestResult
from kit.suite.run.execution_log import ExecutionLog
from kit.suite.run.rechecks import torn_early
from tests.suite.conftest import Run
from tests.suite.projects import outcomes

#: each test of two files notes itself; the fixture looks at the notes when the session is over
CONFTEST = """
    import pytest
    NOTES = []

    @pytest.fixture(scope="session", autouse=True)
    def looks_at_the_end():
        yield
        assert {condition}
"""
NOTING = "from conftest import NOTES\ndef test_notes(): NOTES.append(__name__)\n"


def log_of(*processes: list[int]) -> ExecutionLog:
    log = ExecutionLog([f"test_{index // 2}.py::test_{index}" for index in range(4)])
    for process in processes:
        history: list[int] = []
        for index in process:
            log.record(history, index, 0.01)
    return log


def torn(**failures: str) -> dict[int, TestResult]:
    return {
        int(name[1:]): TestResult(name, "test.py", "error", "teardown", failure=failure)
        for name, failure in failures.items()
    }


def test_the_last_test_of_a_process_may_be_torn_down_early() -> None:
    log = log_of([0, 1], [2, 3])
    assert torn_early(torn(t1="f"), log.ended_as_plain) == {1}
    assert torn_early(torn(t3="f"), log.ended_as_plain) == {3}


def test_in_the_middle_of_a_process_and_at_the_end_of_all_tests_nothing_is_torn_down_early() -> None:
    assert torn_early(torn(t0="f"), log_of([0, 1], [2, 3]).ended_as_plain) == frozenset()
    assert torn_early(torn(t3="f"), log_of([0, 1, 2, 3]).ended_as_plain) == frozenset()


def test_a_failure_that_tests_in_the_middle_show_as_well_is_one_of_each_test() -> None:
    log = log_of([0, 1], [2, 3])
    assert torn_early(torn(t0="f", t1="f", t3="g"), log.ended_as_plain) == {3}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("len(NOTES) == 3", ["passed", "passed", "passed"]),
        ("not NOTES", ["passed", "passed", "error"]),
        ("'test_b' not in NOTES", ["passed", "passed", "error"]),
    ],
)
def test_what_fails_at_the_end_of_the_session_counts_as_in_a_plain_run(
    run: Run, condition: str, expected: list[str]
) -> None:
    files = {"conftest.py": CONFTEST.format(condition=condition)}
    files |= {f"test_{name}.py": NOTING for name in "abc"}

    facts = run(files, isolation="file", workers=2)

    assert list(outcomes(facts).values()) == expected
