"""What is run again, and how its outcome is told."""

from __future__ import annotations

from kit.cli.again import compared, states, unfinished
from kit.facts.failures import ExceptionInfo, Failure
from kit.facts.suite import CollectionError, SuiteFacts, TestResult

BROKEN = Failure("f", "collect", (ExceptionInfo("ImportError", "builtins", "no", 2),))
SUITE = SuiteFacts(
    results=(
        TestResult("t.py::fine", "backend/t.py", "passed"),
        TestResult("t.py::failed", "backend/t.py", "failed"),
        TestResult("t.py::skipped", "backend/t.py", "skipped"),
        TestResult("t.py::never", "backend/t.py", "not_run"),
    ),
    collection_errors=(CollectionError("backend/u.py", BROKEN),),
    rootdir="backend",
)


def test_what_failed_or_was_not_run_is_run_again_and_files_are_named_from_pytests_root() -> None:
    assert unfinished(SUITE) == ("t.py::failed", "t.py::never", "u.py")
    assert states(SUITE) == {
        "t.py::fine": True,
        "t.py::failed": False,
        "t.py::skipped": True,
        "t.py::never": False,
        "backend/u.py": False,
    }


def test_what_was_mended_and_what_is_left_is_counted() -> None:
    before = {"a": False, "b": False, "c": True}

    assert compared(before, {"a": True, "b": False}) == "1 of 2 failures mended · 1 left"
    assert compared(before, {"a": True, "b": True, "c": False}) == "2 of 2 failures mended · 0 left · 1 test broken"


def test_a_file_that_can_be_collected_now_is_mended_and_its_tests_are_new() -> None:
    after = {"u.py::one": True, "u.py::two": False}

    assert compared({"u.py": False}, after) == "1 of 1 failure mended · 0 left · 2 new tests, 1 in order"
