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
    root: Path, packages: Mapping[str, str], text: str = TESTS, fixture: str = "", ini: str = ""
) -> dict[str, FixOption]:
    files: dict[str, str | bytes] = {"tests/test_a.py": text, "pytest.ini": f"[pytest]\n{ini}"}
    write_project(root, files)
    scene = replace(scene_at(root), packages=packages)
    named = replace(cause("async-without-plugin", fixture, tests=RUN))
    named = replace(named, id=f"async-without-plugin:{fixture}" if fixture else "async-without-plugin")
    return {option.kind: option for option in find_options(named, scene)}


def test_without_a_plugin_there_is_nothing_to_change(tmp_path: Path) -> None:
    assert found(tmp_path, {"sqlalchemy": "2.0"}) == {}


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
