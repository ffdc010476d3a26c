"""What is run again, and how its outcome is told."""

from __future__ import annotations

from pathlib import Path

from kit.cli.reruns import compared, listed, lost, not_found, states, unfinished
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

    assert compared(before, {"a": True, "b": False}) == "1 of 2 failures fixed · 1 left"
    assert compared(before, {"a": True, "b": True, "c": False}) == "2 of 2 failures fixed · 0 left · 1 test broken"


def test_a_file_that_can_be_collected_now_is_mended_and_its_tests_are_new() -> None:
    after = {"u.py::one": True, "u.py::two": False}

    assert compared({"u.py": False}, after) == "1 of 1 failure fixed · 0 left · 2 new tests, 1 in order"


def test_tests_without_a_file_or_of_another_runner_are_not_given_to_pytest(tmp_path: Path) -> None:
    (tmp_path / "backend").mkdir()
    for name in ("t.py", "gate.robot", "a.test.js"):
        (tmp_path / "backend" / name).touch()
    asked = ("t.py::failed", "gone.py::x", "gate.robot::Level", "a.test.js::adds", "no\0file.py::x")

    assert lost(asked, tmp_path, "backend") == asked[1:]


def test_tests_that_pytest_did_not_collect_are_found_by_their_names() -> None:
    asked = ("t.py::failed", "t.py", "t.py::unknown:2", "u.py::in_broken_file", "u.py", "t.py::TestA::test_b[1]")

    assert not_found(asked, SUITE) == ("t.py::unknown:2", "t.py::TestA::test_b[1]")
    assert listed(asked[2:3]) == "1 test was not run again: pytest finds no such test: t.py::unknown:2."
    assert listed(["a"] * 22).endswith("a and 2 more.")


def test_a_class_or_a_parametrised_test_stands_for_what_it_holds() -> None:
    suite = SuiteFacts(results=(TestResult("t.py::TestA::test_b[x::y]", "t.py", "passed"),))

    assert not_found(["t.py", "t.py::TestA", "t.py::TestA::test_b", "t.py::TestA::test_b[x::y]"], suite) == ()
