from __future__ import annotations

import shlex
from typing import Any

from kit.cli.next_command import next_command
from kit.facts.case import Case
from kit.facts.failures import ExceptionInfo, Failure
from kit.facts.suite import CollectedTest, CollectionError, SuiteFacts, TestResult
from kit.facts.target import Target

BROKEN = CollectionError("tests/u.py", Failure("f", "collect", (ExceptionInfo("ImportError", "builtins", "no", 2),)))


def suite(*results: TestResult, **more: Any) -> SuiteFacts:
    return SuiteFacts(tests=tuple(CollectedTest(each.nodeid, "t.py") for each in results), results=results, **more)


def result(outcome: Any, **more: Any) -> TestResult:
    return TestResult("t.py::test_a[x y]", "t.py", outcome, **more)


def following(facts: SuiteFacts, *, was_part: bool = False, **parameters: Any) -> str | None:
    case = Case("c", "", "0.1.0", Target("/my app", "app", None, (), ()), {"target": "my app", **parameters})
    return next_command(facts, case, ["--reports-dir", "my reports"], was_part=was_part)


def test_what_failed_is_run_again_and_what_had_no_time_too() -> None:
    again = "kit run --failed c --reports-dir 'my reports'"

    assert following(suite(result("failed"))) == again
    assert following(suite(result("error", alone="fails"))) == again
    assert following(suite(result("not_run"), result("passed"))) == again
    assert following(suite(result("passed"), collection_errors=(BROKEN,))) == again


def test_a_test_that_fails_only_after_others_is_bisected_with_the_options_of_the_run() -> None:
    order = result("failed", alone="passes_alone")
    command = following(suite(order), python="/opt/python", timeout_s=5.0)

    assert command is not None
    assert shlex.split(command)[:5] == ["kit", "run", "my app", "--bisect", "t.py::test_a[x y]"]
    assert "--python /opt/python" in command
    assert "--timeout-s 5" in command
    assert "--failed" in str(following(suite(order, result("failed", alone="fails"))))


def test_where_tests_share_something_one_worker_is_next_when_more_were_asked_for() -> None:
    sharing = suite(result("passed", alone="fails_beside_others"), shares="1 test fails only while …")
    left = suite(result("failed", alone="fails"), shares="1 test fails only while …")

    assert following(sharing, workers=4) == "kit run 'my app' --workers 1 --reports-dir 'my reports'"
    assert following(left, workers=4) == "kit run --failed c --workers 1 --reports-dir 'my reports'"
    assert following(sharing) is None, "that is remembered, and one worker is chosen by itself"


def test_a_run_that_was_cut_short_is_gone_on_with() -> None:
    cut_short = suite(result("failed"), result("not_run"), problem="The run was ended after 60 s.")

    assert following(cut_short) == "kit run --resume c --reports-dir 'my reports'"


def test_when_nothing_could_be_run_what_was_found_is_next() -> None:
    assert following(SuiteFacts(problem="No test was collected.")) == "kit investigate 'my app' --dry-run"


def test_when_all_is_mended_the_whole_suite_is_next_and_after_that_nothing() -> None:
    command = following(suite(result("passed")), was_part=True, workers=1)

    assert command == "kit run 'my app' --workers 1 --reports-dir 'my reports'"
    assert following(suite(result("passed"))) is None
