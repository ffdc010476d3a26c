"""A feature switch is turned over in the app's default, or for the tests alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kit.facts.causes import Cause
from tests.fixes.apps import cause, options_for, patched

DATACLASS = """
from dataclasses import dataclass


@dataclass(frozen=True)
class Switches:
    wallets: bool = True
    blending: bool = False  # not rolled out
"""
ENVIRONMENT = """
import os

BLENDING = os.environ.get("SHOP_BLENDING", "0") == "1"
"""
SETTINGS = """
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    model_config = dict(env_prefix="shop_")

    blending: bool = False
"""


def off(line: int, name: str = "blending") -> Cause:
    return cause("feature-switch", name, f"app/settings.py:{line} default", "app/settings.py:20 raised")


def app(settings: str, conftest: str | None = None) -> dict[str, str | bytes]:
    files: dict[str, str | bytes] = {
        "app/__init__.py": "",
        "app/settings.py": settings,
        "tests/test_it.py": "from app.settings import BLENDING\n\n\ndef test_it():\n    assert BLENDING\n",
        "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["."]\ntestpaths = ["tests"]\n',
    }
    return files if conftest is None else {**files, "tests/conftest.py": conftest}


def test_a_switch_without_a_known_default_has_no_option(tmp_path: Path) -> None:
    raised = cause("feature-switch", "blending", "app/settings.py:7 raised")

    assert options_for(tmp_path, app(DATACLASS), raised) == {}


def test_a_default_that_is_computed_has_no_option(tmp_path: Path) -> None:
    assert options_for(tmp_path, app(DATACLASS.replace("= False", "= is_beta()")), off(7)) == {}


def test_the_default_is_turned_over_and_the_other_switches_stay(tmp_path: Path) -> None:
    (option,) = options_for(tmp_path, app(DATACLASS), off(7)).values()

    assert (option.kind, option.on_tests, option.lines_changed) == ("switch-default", False, 2)
    assert option.losses == ("without that setting the app behaves in the other way",)
    assert (
        "    wallets: bool = True\n    blending: bool = True  # not rolled out\n"
        in (patched(tmp_path, option)["app/settings.py"])
    )


@pytest.mark.parametrize(("written", "turned"), [("True", "False"), ('"off"', '"on"'), ("'False'", "'True'")])
def test_each_way_to_write_a_switch_is_turned(written: str, turned: str, tmp_path: Path) -> None:
    options = options_for(tmp_path, app(f"BLENDING = {written}\n"), off(1, "BLENDING"))

    assert patched(tmp_path, options["switch-default"])["app/settings.py"] == f"BLENDING = {turned}\n"


@pytest.mark.parametrize(
    "conftest", [None, '"""Fixtures."""\n\nfrom __future__ import annotations\n\nimport app.settings\n']
)
@pytest.mark.slow
def test_tests_get_the_variable_before_the_app_is_imported(conftest: str | None, tmp_path: Path) -> None:
    option = options_for(tmp_path, app(ENVIRONMENT, conftest), off(3, "BLENDING"))["switch-in-tests"]

    patched(tmp_path, option)

    assert option.on_tests
    assert "SHOP_BLENDING" in option.title
    run = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd=tmp_path, check=False)
    assert run.returncode == 0


def test_the_variable_of_a_settings_class_has_its_prefix(tmp_path: Path) -> None:
    option = options_for(tmp_path, app(SETTINGS, ""), off(7))["switch-in-tests"]

    assert 'os.environ["SHOP_BLENDING"] = "True"' in patched(tmp_path, option)["tests/conftest.py"]
