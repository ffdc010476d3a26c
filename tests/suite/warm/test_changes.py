"""Waiting for edits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.suite.warm import WarmSuite, warm_suite
from kit.target import TreeChanges
from tests.helpers import write_project
from tests.suite.warm.conftest import Warm


def first_changes(suite: WarmSuite, edit: Callable[[], object]) -> TreeChanges:
    """What is told of an edit that is made while somebody waits for it."""
    timer = threading.Timer(0.5, edit)
    timer.start()
    try:
        return next(suite.changes())
    finally:
        timer.join()


@pytest.fixture(autouse=True)
def _looks_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        warm_suite, "_LOOK_MS", 60_000
    )  # so that it is the edit that is heard, not the time that passes


def test_an_edit_is_heard(warm: Warm, root: Path) -> None:
    suite = warm({"app/models.py": "", "test_a.py": ""})

    assert first_changes(suite, lambda: write_project(root, {"app/models.py": "1\n"})).changed == ("app/models.py",)


def test_a_file_in_a_new_folder_is_heard(warm: Warm, root: Path) -> None:
    suite = warm({"test_a.py": ""})
    assert first_changes(suite, lambda: write_project(root, {"new/a.py": ""})).added == ("new/a.py",)

    assert first_changes(suite, lambda: write_project(root, {"new/b.py": ""})).added == ("new/b.py",)


def test_what_tools_write_is_not_told(warm: Warm, root: Path) -> None:
    suite = warm({"test_a.py": ""})

    def edit() -> None:
        write_project(root, {"__pycache__/a.pyc": "x", ".pytest_cache/y": "y"})
        write_project(root, {"app.py": ""})

    assert first_changes(suite, edit) == TreeChanges(added=("app.py",))


def test_an_edit_that_a_run_has_seen_is_told_all_the_same(warm: Warm, root: Path) -> None:
    suite = warm({"test_a.py": "def test_a(): pass\n"})
    write_project(root, {"app.py": ""})
    suite.run()

    assert next(suite.changes()) == TreeChanges(added=("app.py",))


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        (TreeChanges(added=("a",)), TreeChanges(changed=("a",)), TreeChanges(added=("a",))),
        (TreeChanges(added=("a",)), TreeChanges(removed=("a",)), TreeChanges()),
        (TreeChanges(removed=("a",)), TreeChanges(added=("a",)), TreeChanges(changed=("a",))),
        (TreeChanges(changed=("a",)), TreeChanges(removed=("a",)), TreeChanges(removed=("a",))),
        (TreeChanges(changed=("a",)), TreeChanges(changed=("b",)), TreeChanges(changed=("a", "b"))),
    ],
)
def test_changes_add_up(first: TreeChanges, second: TreeChanges, both: TreeChanges) -> None:
    assert first.then(second) == both
