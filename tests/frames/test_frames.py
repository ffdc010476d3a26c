from __future__ import annotations

from kit import frames
from kit.facts.suite import Coverage, ModuleCoverage, SuiteFacts, TestResult, TestWarning

SUITE = SuiteFacts(
    results=(
        TestResult("t.py::a", "t.py", "failed", alone="passes_alone", leaked=("sleep", "redis")),
        TestResult("t.py::b", "t.py", "passed"),
    ),
    warnings=(
        TestWarning("UserWarning", "old\nmore"),
        TestWarning("DeprecationWarning", "gone soon", "app/a.py", 3, "t.py::b", 7),
    ),
    coverage=Coverage(10, 6, 60.0, (ModuleCoverage("a.py", 5, 5, 100.0), ModuleCoverage("b.py", 5, 1, 20.04))),
)


def test_tests_say_what_they_did_when_run_once_more_and_what_they_left() -> None:
    rows = frames.tests(SUITE.results)

    assert rows["alone"].tolist()[0] == "passes alone"
    assert rows["left running"].dropna().tolist() == ["sleep, redis"]
    assert rows["alone"].isna().tolist() == [False, True]


def test_the_most_frequent_warning_is_first() -> None:
    rows = frames.warnings(SUITE)

    assert rows[["count", "message"]].values.tolist() == [[7, "gone soon"], [1, "old"]]
    assert rows["where"].dropna().tolist() == ["app/a.py:3"]
    assert frames.warnings(SuiteFacts()).empty


def test_the_least_covered_file_is_first_and_nothing_measured_is_no_row() -> None:
    assert frames.coverage(SUITE)[["path", "percent"]].values.tolist() == [["b.py", 20.0], ["a.py", 100.0]]
    assert list(frames.coverage(SuiteFacts()).columns) == ["path", "statements", "covered", "percent"]
