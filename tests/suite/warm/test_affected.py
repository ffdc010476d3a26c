"""Which test files an edit concerns."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

from kit.suite.select.affected import affected_files
from kit.target import TreeChanges
from tests.helpers import write_project
from tests.suite.warm.conftest import Warm

TESTS = frozenset({"tests/test_a.py", "tests/sub/test_b.py", "other/test_c.py"})

IMPORTING = {
    "app/a.py": ["tests/test_a.py", "app/main.py"],
    "app/fixtures.py": ["tests/sub/conftest.py"],
    "app/unused.py": [],
}


def importers(paths: Collection[str]) -> dict[str, list[str]]:
    return {path: IMPORTING.get(path, []) for path in paths}


@pytest.mark.parametrize(
    ("changed", "affected"),
    [
        (["app/a.py"], ["tests/test_a.py"]),
        (["app/fixtures.py"], ["tests/sub/test_b.py"]),
        (["tests/test_a.py"], ["tests/test_a.py"]),
        (["tests/conftest.py"], ["tests/sub/test_b.py", "tests/test_a.py"]),
        (["conftest.py"], sorted(TESTS)),
        (["empty/conftest.py"], []),
        (["app/unused.py"], sorted(TESTS)),
        (["data/prices.json"], sorted(TESTS)),
        (["README.md"], []),
        (["app/a.py", "other/test_c.py"], ["other/test_c.py", "tests/test_a.py"]),
    ],
)
def test_a_changed_file_concerns_those_that_import_it(changed: list[str], affected: list[str]) -> None:
    assert affected_files(TreeChanges(changed=tuple(changed)), TESTS, importers) == tuple(affected)


def test_new_test_files_are_run_and_removed_ones_are_not() -> None:
    changes = TreeChanges(added=("tests/test_new.py", "app/test_helpers.txt"), removed=("tests/test_a.py", "app/a.py"))
    tests = TESTS - {"other/test_c.py"}

    assert affected_files(changes, tests, importers) == (
        "tests/sub/test_b.py",
        "tests/test_new.py",
    )


def test_without_importers_a_source_file_concerns_every_test() -> None:
    assert affected_files(TreeChanges(changed=("app/a.py",)), TESTS, None) == tuple(sorted(TESTS))


def test_affected_files_are_named_as_pytest_names_them(warm: Warm, root: Path) -> None:
    suite = warm({"test_a.py": "def test_a(): pass\n", "sub/test_b.py": "def test_b(): pass\n"})
    suite.run()
    write_project(root, {"sub/test_b.py": "def test_c(): pass\n"})
    affected = suite.affected(suite.sync())

    assert affected == ("sub/test_b.py",)
    assert [test.nodeid for test in suite.run(affected).tests] == ["sub/test_b.py::test_c"]
