"""A few tests tell their lines when they run once more: failures that show no line of the app, and their neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kit.facts.failures import ExceptionInfo, Failure, Frame
from kit.facts.suite import CollectedTest, SuiteFacts, TestResult
from kit.suite.run.line_search import failing_to_watch, keep_alike, passing_beside
from kit.suite.run.rechecking import RerunResult
from kit.suite.select.gathering import Gathered
from tests.suite.conftest import Run

APP = """
    def price(kind, amount):
        if kind == "book":
            return amount * 7
        if kind == "lamp":
            return amount * 18
        return amount

    def label(kind):
        return kind.upper()
    """
TESTS = """
    from app import label, price

    def test_book(): assert price("book", 2) == 14
    def test_lamp(): assert price("lamp", 2) == 38
    def test_other(): assert price("pen", 2) == 2
    def test_label(): assert label("pen") == "PEN"
    """


def failure(owner: str) -> Failure:
    frame = Frame("app.py" if owner == "own" else "test_app.py", 2, "price", owner, "")
    return Failure(owner, "call", (ExceptionInfo("AssertionError", "builtins", "assert 1 == 2", 13, frames=(frame,)),))


def facts(outcomes: Sequence[str], shows: str = "test") -> SuiteFacts:
    tests = tuple(CollectedTest(f"test_app.py::test_{number}", "test_app.py") for number in range(len(outcomes)))
    results = tuple(
        TestResult(test.nodeid, test.path, outcome, failure=shows if outcome == "failed" else None, seconds=0.1)
        for test, outcome in zip(tests, outcomes, strict=True)
    )
    return SuiteFacts(tests=tests, results=results, failures={shows: failure(shows)})


def gathered(units: Mapping[int, Sequence[int]]) -> Gathered:
    found = Gathered()
    for index, lines in units.items():
        found.of_test[index] = {("app.py", line) for line in lines} | {("test_app.py", 1)}
    return found


def test_the_first_test_of_a_failure_that_shows_no_line_is_watched() -> None:
    ran = gathered({0: [1], 1: [1], 2: [1]})

    assert failing_to_watch(facts(["passed", "failed", "failed"]), ran) == {1}


def test_a_failure_that_was_raised_in_the_app_needs_no_look() -> None:
    assert failing_to_watch(facts(["failed"], shows="own"), gathered({0: [1]})) == frozenset()


def test_beside_it_run_passing_tests_that_share_its_rarest_function() -> None:
    ran = gathered({0: [1, 2], 1: [1, 2], 2: [1], 3: [1], 4: [9]})
    outcomes = facts(["failed", "passed", "passed", "passed", "passed"])

    assert 1 in passing_beside([0], outcomes, ran, lambda _: 1)
    assert 4 not in passing_beside([0], outcomes, ran, lambda _: 1)


def test_a_test_without_a_start_left_is_not_run_for_its_lines() -> None:
    ran = gathered({0: [1], 1: [1], 2: [1]})

    assert passing_beside([0], facts(["failed", "passed", "passed"]), ran, lambda index: index - 1) == {2}


def test_lines_of_a_test_that_ended_otherwise_are_forgotten() -> None:
    ran = gathered({0: [1], 1: [1]})
    ran.lines = {0: {"app.py": [1]}, 1: {"app.py": [1]}}

    keep_alike(facts(["passed", "passed"]), ran, {0: RerunResult("passed"), 1: RerunResult("failed")})

    assert list(ran.lines) == [0]


def test_lines_are_recorded_of_failing_tests_and_of_their_neighbours(run: Run) -> None:
    found = run({"app.py": APP, "test_app.py": TESTS}, records=True, recheck_s=10.0)

    assert found.execution is not None
    lines = {one.failure != "": set() for one in found.execution.lines}
    for one in found.execution.lines:
        lines[one.failure != ""] |= set(one.files.get("app.py", ()))
    assert lines == {True: {2, 4, 5}, False: {2, 3, 4, 6}}


def test_where_all_passes_nothing_is_watched(run: Run) -> None:
    found = run({"app.py": APP, "test_app.py": TESTS.replace("38", "36")}, records=True, recheck_s=10.0)

    assert found.execution is None
