"""The workflow for other systems can only fail there for what they do: its commands exist, its matrix is whole."""

from __future__ import annotations

import importlib.util
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from kit.cli.main import cli

ROOT = Path(__file__).parents[2]
WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def steps() -> Iterator[dict[str, Any]]:
    for job in WORKFLOW["jobs"].values():
        yield from job["steps"]


def commands() -> list[list[str]]:
    """The words of every line that starts Python or a script of the project."""
    lines = [line.strip() for step in steps() for line in step.get("run", "").splitlines()]
    return [shlex.split(line.partition("||")[0]) for line in lines if line.startswith(("python ", "bash "))]


def test_every_system_is_tried_with_every_python_that_kit_runs_on() -> None:
    matrix = WORKFLOW["jobs"]["quick"]["strategy"]["matrix"]
    least = int(re.fullmatch(r">=3\.(\d+)", PROJECT["requires-python"])[1])  # type: ignore[index]

    assert {os.partition("-")[0] for os in matrix["os"]} == {"ubuntu", "macos", "windows"}
    assert matrix["python"] == [f"3.{minor}" for minor in range(least, 15)], "texts: 3.10 would be the number 3.1"
    assert WORKFLOW["jobs"]["quick"]["strategy"]["fail-fast"] is False


def test_each_step_does_one_thing_and_actions_have_a_version() -> None:
    for step in steps():
        assert ("run" in step) != ("uses" in step)
        if "uses" in step:
            assert re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step["uses"])


def test_what_is_filled_in_is_known() -> None:
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")

    assert set(re.findall(r"\$\{\{\s*(.*?)\s*\}\}", text)) == {"matrix.os", "matrix.python"}


def test_the_commands_name_what_there_is() -> None:
    found = commands()
    assert len(found) >= 5

    for words in found:
        if words[0] == "bash":
            assert (ROOT / words[1]).is_file()
        else:
            assert words[1] == "-m"
            assert words[2] == "pip" or importlib.util.find_spec(words[2])
        for path in (word for word in words[3:] if word.startswith("tests/")):
            assert (ROOT / path).exists(), path


def test_the_extra_that_is_installed_exists() -> None:
    extras = [re.findall(r"\[(\w+)\]", word) for words in commands() for word in words if "pip" in words]

    assert {name for names in extras for name in names} == {"dev"} <= PROJECT["optional-dependencies"].keys()


@pytest.mark.parametrize("words", [words[3:] for words in commands() if words[1:3] == ["-m", "kit"]], ids=" ".join)
def test_kit_has_the_options_that_it_is_called_with(words: list[str]) -> None:
    command = cli.get_command(click.Context(cli), words[0])
    assert command is not None
    known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}

    assert {word for word in words if word.startswith("--")} <= known
