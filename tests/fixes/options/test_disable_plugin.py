"""A plugin that keeps pytest from starting is left out in the project's own options."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.fixes.source.settings import with_words
from tests.fixes.apps import cause, options_for, patched

BROKEN = cause("plugin-broken", "xyz")


def test_a_plugin_of_the_project_itself_has_no_option(tmp_path: Path) -> None:
    own = cause("plugin-broken", "tests/conftest.py")

    assert options_for(tmp_path, {"pytest.ini": "[pytest]\n", "tests/conftest.py": ""}, own) == {}


def test_a_plugin_that_the_options_load_has_no_option(tmp_path: Path) -> None:
    assert options_for(tmp_path, {"pytest.ini": "[pytest]\naddopts = -p xyz\n", "a.py": ""}, BROKEN) == {}


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("pytest.ini", "[pytest]\ntestpaths = tests\n", "[pytest]\naddopts = -p no:xyz\ntestpaths = tests\n"),
        ("pytest.ini", "[pytest]\naddopts = -q\n", "[pytest]\naddopts = -q -p no:xyz\n"),
        ("tox.ini", "[tox]\n\n[pytest]\naddopts =\n    -q\n", "[tox]\n\n[pytest]\naddopts = -p no:xyz\n    -q\n"),
        ("setup.cfg", "[tool:pytest]\r\naddopts = -q\r\n", "[tool:pytest]\r\naddopts = -q -p no:xyz\r\n"),
        (
            "pyproject.toml",
            '[tool.pytest.ini_options]\naddopts = "-q"  # quiet\n',
            '[tool.pytest.ini_options]\naddopts = "-q -p no:xyz"  # quiet\n',
        ),
        (
            "pyproject.toml",
            '[tool.pytest.ini_options]\naddopts = ["-q"]\n',
            '[tool.pytest.ini_options]\naddopts = ["-p", "no:xyz", "-q"]\n',
        ),
        (
            "pyproject.toml",
            '[tool.pytest.ini_options]\r\ntestpaths = ["t"]\r\n',
            '[tool.pytest.ini_options]\r\naddopts = "-p no:xyz"\r\ntestpaths = ["t"]\r\n',
        ),
    ],
)
def test_it_is_left_out_where_the_project_has_its_options(path: str, before: str, after: str, tmp_path: Path) -> None:
    (option,) = options_for(tmp_path, {path: before.encode(), "a.py": ""}, BROKEN).values()

    assert patched(tmp_path, option) == {path: after}
    assert option.losses == ("what the tests use of xyz: its fixtures, marks and options",)


def test_a_project_without_settings_gets_some(tmp_path: Path) -> None:
    (option,) = options_for(tmp_path, {"test_a.py": ""}, BROKEN).values()

    assert patched(tmp_path, option) == {"pytest.ini": "[pytest]\naddopts = -p no:xyz\n"}


@pytest.mark.parametrize("text", ["[project]\n", '[tool.pytest.ini_options]\naddopts = """\n-q\n"""\n'])
def test_what_cannot_be_written_line_by_line_is_left_alone(text: str) -> None:
    assert with_words(text, "pyproject.toml", "addopts", "-p no:xyz") is None
