"""Async tests and fixtures are handed to the plugin that is installed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from kit.facts.fixes import FixOption
from kit.fixes.options import find_options
from tests.fixes.apps import cause, patched, scene_at
from tests.helpers import write_project

TESTS = """import asyncio


# first
async def test_one():
    await asyncio.sleep(0)


class TestTwo:
    @staticmethod
    async def test_two():
        pass


def test_plain():
    pass
"""
FIXTURE = """import pytest


@pytest.fixture(scope="module")
async def clock():
    return 1


async def test_one(clock):
    assert clock == 1
"""
ASYNCIO, ANYIO = {"pytest-asyncio": "1.0"}, {"anyio": "4.4"}
RUN = ("tests/test_a.py::test_one", "tests/test_a.py::TestTwo::test_two[1]")


def found(
    root: Path, packages: Mapping[str, str], text: str = TESTS, fixture: str = "", ini: str = "", **more: str
) -> dict[str, FixOption]:
    """``more`` are further files by their names without the ending ``.txt``."""
    files: dict[str, str | bytes] = {"tests/test_a.py": text, "pytest.ini": f"[pytest]\n{ini}"}
    files |= {f"{name}.txt": text for name, text in more.items()}
    write_project(root, files)
    scene = replace(scene_at(root), packages=packages)
    named = replace(cause("async-without-plugin", fixture, tests=RUN))
    named = replace(named, id=f"async-without-plugin:{fixture}" if fixture else "async-without-plugin")
    return {option.kind: option for option in find_options(named, scene)}


@pytest.mark.parametrize("requirements", [{}, {"requirements": "pytest\nPytest_AsyncIO>=1\n"}])
def test_without_a_plugin_and_a_file_that_lacks_it_there_is_nothing_to_change(
    tmp_path: Path, requirements: dict[str, str]
) -> None:
    assert found(tmp_path, {"sqlalchemy": "2.0"}, **requirements) == {}


def test_without_a_plugin_it_is_required_and_shown_and_not_tried(tmp_path: Path) -> None:
    option = found(tmp_path, {}, requirements="pytest\n")["require-async-plugin"]

    assert patched(tmp_path, option) == {
        "requirements.txt": "pytest\npytest-asyncio\n",
        "pytest.ini": "[pytest]\naddopts = --asyncio-mode=auto\n",
    }
    assert not option.can_be_tried
    assert "has to be installed" in str(option.obstacle)


@pytest.mark.parametrize(("mark", "name"), [("asyncio", "pytest-asyncio"), ("anyio", "anyio"), ("trio", "pytest-trio")])
def test_tests_with_a_mark_get_the_plugin_of_that_mark_and_no_mode(tmp_path: Path, mark: str, name: str) -> None:
    text = TESTS.replace("async def test_one", f"@pytest.mark.{mark}\nasync def test_one")

    option = found(tmp_path, {}, text, requirements="pytest\n")["require-async-plugin"]

    assert patched(tmp_path, option) == {"requirements.txt": f"pytest\n{name}\n"}
    assert option.title == f"Require {name} in requirements.txt"


def test_a_mode_that_is_configured_already_stays(tmp_path: Path) -> None:
    option = found(tmp_path, {}, ini="asyncio_mode = auto\n", requirements="pytest\n")["require-async-plugin"]

    assert option.files == ("requirements.txt",)


def test_one_file_can_take_the_requirement_and_the_mode(tmp_path: Path) -> None:
    project = '[project]\nname = "a"\ndependencies = ["pytest"]\n\n[tool.pytest.ini_options]\npythonpath = ["."]\n'
    files: dict[str, str | bytes] = {"tests/test_a.py": TESTS, "pyproject.toml": project}
    write_project(tmp_path, files)
    scene = replace(scene_at(tmp_path), packages={})

    (option,) = find_options(cause("async-without-plugin", "", tests=RUN), scene)

    text = patched(tmp_path, option)["pyproject.toml"]
    assert 'dependencies = ["pytest", "pytest-asyncio"]' in text
    assert 'addopts = "--asyncio-mode=auto"' in text


@pytest.mark.parametrize("ini", ["addopts = -p no:asyncio\n", "addopts = --asyncio-mode=strict\n"])
def test_the_mode_of_a_plugin_that_is_off_or_has_one_is_left_alone(tmp_path: Path, ini: str) -> None:
    assert "asyncio-auto-mode" not in found(tmp_path, ASYNCIO, ini=ini)


def test_an_async_fixture_is_nothing_for_anyio_to_mark(tmp_path: Path) -> None:
    assert found(tmp_path, ANYIO, FIXTURE, "clock") == {}


def test_the_mode_is_an_option_of_the_project_and_not_of_its_tests(tmp_path: Path) -> None:
    option = found(tmp_path, ASYNCIO)["asyncio-auto-mode"]

    assert patched(tmp_path, option) == {"pytest.ini": "[pytest]\naddopts = --asyncio-mode=auto\n"}
    assert not option.on_tests


@pytest.mark.parametrize(("packages", "mark"), [(ASYNCIO, "asyncio"), (ANYIO, "anyio"), (ASYNCIO | ANYIO, "asyncio")])
def test_only_the_async_tests_of_the_cause_are_marked(tmp_path: Path, packages: Mapping[str, str], mark: str) -> None:
    option = found(tmp_path, packages)["mark-async-tests"]

    text = patched(tmp_path, option)["tests/test_a.py"]

    assert option.on_tests
    assert f"# first\n@pytest.mark.{mark}\nasync def test_one():" in text
    assert f"    @pytest.mark.{mark}\n    @staticmethod\n    async def test_two():" in text
    assert text.count("pytest.mark") == 2
    assert text.startswith("import asyncio\nimport pytest\n")


def test_the_fixture_gets_the_decorator_of_the_plugin_with_its_arguments(tmp_path: Path) -> None:
    option = found(tmp_path, ASYNCIO, FIXTURE, "clock")["async-fixture-decorator"]

    text = patched(tmp_path, option)["tests/test_a.py"]

    assert '@pytest_asyncio.fixture(scope="module")\nasync def clock():' in text
    assert "import pytest_asyncio\n" in text
    assert option.on_tests
