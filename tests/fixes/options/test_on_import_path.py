"""The folder of a module that is there goes on the import path of the tests, in pytest's own settings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.facts.target import PytestConfig
from kit.fixes.options.on_import_path import find
from tests.fixes.apps import cause, options_for, patched, scene_at
from tests.helpers import write_project

CAUSE = cause("not-on-import-path", "src:src/shop/__init__.py")
APP: dict[str, str | bytes] = {"src/shop/__init__.py": "", "tests/test_shop.py": "import shop\n"}


def test_a_package_is_no_import_root(tmp_path: Path) -> None:
    inside = cause("not-on-import-path", "app:app/prices.py")

    assert options_for(tmp_path, {"app/__init__.py": "", "app/prices.py": ""}, inside) == {}


def test_an_old_pytest_has_no_such_setting(tmp_path: Path) -> None:
    write_project(tmp_path, APP)

    assert list(find(CAUSE, replace(scene_at(tmp_path), packages={"pytest": "6.2.5"}))) == []


@pytest.mark.parametrize("name", ["my src", 'a"b'])
def test_a_folder_that_needs_quotes_has_no_option(tmp_path: Path, name: str) -> None:
    write_project(tmp_path, {"a.py": ""})

    assert list(find(cause("not-on-import-path", f"{name}:{name}/shop.py"), scene_at(tmp_path))) == []


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("pytest.ini", "[pytest]\naddopts = -q\n", "[pytest]\npythonpath = src\naddopts = -q\n"),
        ("tox.ini", "[pytest]\r\npythonpath = .\r\n", "[pytest]\r\npythonpath = . src\r\n"),
        (
            "pyproject.toml",
            '[tool.pytest.ini_options]\npythonpath = ["."]\n',
            '[tool.pytest.ini_options]\npythonpath = ["src", "."]\n',
        ),
    ],
)
def test_the_folder_is_named_where_the_project_has_its_settings(
    path: str, before: str, after: str, tmp_path: Path
) -> None:
    (option,) = options_for(tmp_path, {**APP, path: before.encode()}, CAUSE).values()

    assert patched(tmp_path, option) == {path: after}


def test_the_folder_is_named_as_it_is_seen_from_the_file_of_the_settings(tmp_path: Path) -> None:
    write_project(tmp_path, {**APP, "app/pytest.ini": "[pytest]\n", "conftest.py": ""})
    scene = replace(scene_at(tmp_path), config=PytestConfig("app/pytest.ini", "app"))

    (option,) = find(CAUSE, scene)

    assert patched(tmp_path, option) == {"app/pytest.ini": "[pytest]\npythonpath = ../src\n"}


def test_a_project_without_settings_gets_some(tmp_path: Path) -> None:
    (option,) = options_for(tmp_path, APP, CAUSE).values()

    assert patched(tmp_path, option) == {"pytest.ini": "[pytest]\npythonpath = src\n"}
