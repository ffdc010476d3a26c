"""Test files of one name, in folders that are no packages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.causes.apps import investigated, places, told
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with

MISMATCH = (
    "import file mismatch:\nimported module '{module}' has this __file__ attribute:\n  {first}\nwhich is not the "
    "same as the test file we want to collect:\n  {second}\n"
    "HINT: remove __pycache__ / .pyc files and/or use a unique basename"
)


def _mismatch(module: str, first: str, second: str) -> object:
    message = MISMATCH.format(module=module, first=first, second=second)
    return failure_with(message, "_pytest.nodes.CollectError", phase="collect")


@pytest.mark.slow
def test_pytest_itself_says_so_and_both_files_are_named(tmp_path: Path) -> None:
    files = {f"tests/{folder}/test_local.py": "def test_it(): pass\n" for folder in ("main", "warehouse", "yard")}
    causes, _ = investigated(tmp_path, files)
    (cause,) = causes
    assert cause.kind == "same-basename"
    assert cause.title == '3 test files share the module name "test_local"'
    assert places(cause) == [f"{path}:1" for path in sorted(files)]
    assert len(cause.uncollectable) == 2
    for remedy in ("names of their own", "__init__.py", "--import-mode=importlib"):
        assert remedy in str(cause.next_step)
    assert "bytecode" not in str(cause.next_step)


def test_several_names_are_one_defect() -> None:
    facts = suite(
        [result(f"tests/{folder}/test_{name}.py::test_it") for folder in "ab" for name in ("x", "y")],
        test_1=_mismatch("test_x", "tests/a/test_x.py", "tests/b/test_x.py"),
        test_2=_mismatch("test_y", "tests/a/test_y.py", "tests/b/test_y.py"),
    )
    (cause,) = causes_of(facts)
    assert cause.title == '4 test files share the module names "test_x" and "test_y"'
    assert cause.uncollectable == ("tests/test_1.py", "tests/test_2.py")


def test_bytecode_of_a_file_that_is_gone_is_told() -> None:
    facts = suite(
        [result("tests/a/test_x.py::test_it")], test_1=_mismatch("test_x", "/old/test_x.py", "tests/test_x.py")
    )
    (cause,) = causes_of(facts)
    assert "/old/test_x.py has no test of this run" in told(cause)
    assert "__pycache__" in str(cause.next_step)


def test_another_collection_error_is_not_taken_for_it() -> None:
    (cause,) = causes_of(suite([], test_1=failure_with("no such file", "OSError", phase="collect")))
    assert cause.kind != "same-basename"
