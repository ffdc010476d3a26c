"""The Dev Container has a Python that kit runs on, and its set-up is that of the README."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[2]
CONTAINER = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_its_python_is_one_that_kit_runs_on() -> None:
    name, _, version = CONTAINER["image"].partition(":")

    assert name == "python", "the official image, which everybody can have"
    assert SpecifierSet(PROJECT["requires-python"]).contains(f"{version}.0")


def test_it_installs_kit_with_extras_that_there_are_into_the_environment_that_is_used() -> None:
    command = CONTAINER["postCreateCommand"]
    extras = re.findall(r"-e '\.\[([\w,]+)\]'", command)

    assert extras
    assert set(extras[0].split(",")) <= PROJECT["optional-dependencies"].keys()
    interpreter = CONTAINER["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
    assert interpreter.removeprefix("${containerWorkspaceFolder}/") in command
