"""A missing package is named in the file of requirements that should have it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.fixes.source.requirements import with_requirement
from tests.fixes.apps import cause, options_for, patched

PROJECT = """
[project]
name = "shop"
dependencies = [
  "fastapi>=0.100",  # the API
  "uvicorn[standard]"  # no comma behind it
]

[project.optional-dependencies]
test = ["pytest>=8", "httpx"]
"""


def missing(package: str, *places: str) -> Cause:
    return cause("missing-package", package, *(f"{place} raised" for place in places))


def found(root: Path, files: dict[str, str], absent: Cause) -> list[FixOption]:
    return [*options_for(root, {"app/__init__.py": "", **files}, absent).values()]


def test_a_package_that_is_required_already_has_no_option(tmp_path: Path) -> None:
    assert found(tmp_path, {"requirements.txt": "PyYAML>=6\n"}, missing("yaml", "app/a.py:1")) == []


def test_without_a_file_of_requirements_there_is_no_option(tmp_path: Path) -> None:
    assert found(tmp_path, {}, missing("yaml", "app/a.py:1")) == []


def test_it_is_shown_and_not_tried(tmp_path: Path) -> None:
    (option,) = found(tmp_path, {"requirements.txt": "fastapi\n"}, missing("eth_account", "app/a.py:1"))

    assert not option.can_be_tried
    assert str(option.obstacle).startswith("Shown and not tried: eth-account has to be installed")
    assert patched(tmp_path, option)["requirements.txt"] == "fastapi\neth-account\n"


def test_a_project_gets_one_more_dependency_and_its_comments_stay(tmp_path: Path) -> None:
    (option,) = found(tmp_path, {"pyproject.toml": PROJECT}, missing("yaml", "app/a.py:1"))

    text = patched(tmp_path, option)["pyproject.toml"]

    assert tomllib.loads(text)["project"]["dependencies"] == ["fastapi>=0.100", "uvicorn[standard]", "PyYAML"]
    assert '  "uvicorn[standard]",  # no comma behind it\n  "PyYAML",\n]\n' in text
    assert '"fastapi>=0.100",  # the API' in text


def test_what_only_tests_import_goes_into_the_group_of_the_tests(tmp_path: Path) -> None:
    (option,) = found(tmp_path, {"pyproject.toml": PROJECT}, missing("freezegun", "tests/test_a.py:1"))

    assert 'test = ["pytest>=8", "httpx", "freezegun"]\n' in patched(tmp_path, option)["pyproject.toml"]


def test_what_only_tests_import_goes_into_the_file_of_the_tests(tmp_path: Path) -> None:
    files = {"requirements.txt": "fastapi", "requirements-dev.txt": "pytest"}

    (option,) = found(tmp_path, files, missing("freezegun", "tests/test_a.py:1"))

    assert patched(tmp_path, option) == {"requirements-dev.txt": "pytest\nfreezegun\n"}


@pytest.mark.parametrize(
    "text",
    [
        "[project]\nname = 'a'\n",
        "[project]\nname = 'a'\ndynamic = ['dependencies']\n",
        "[tool.x]\ndependencies = []\n",
    ],
)
def test_a_project_without_such_a_list_is_left_alone(text: str) -> None:
    assert with_requirement(text, "x") is None


@pytest.mark.parametrize("text", ["[project]\ndependencies = []\n", '[project]\r\ndependencies = [\r\n  "a",\r\n]\r\n'])
def test_lists_of_every_shape_take_one_more(text: str) -> None:
    after = with_requirement(text, "x")

    assert after is not None
    assert tomllib.loads(after)["project"]["dependencies"][-1] == "x"
    assert after.count("\r\n") in (0, after.count("\n"))


def test_a_module_that_an_installed_package_lacks_is_no_requirement(tmp_path: Path) -> None:
    assert found(tmp_path, {"requirements.txt": "fastapi\n"}, missing("stripe.error", "app/a.py:1")) == []
