"""Options in the target's configuration mean what they mean on the command line, whatever folder kit is called in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.cli.project_options import with_project_options
from kit.facts.errors import UsageError
from tests.helpers import run_kit, write_project

USUAL: dict[str, Any] = {"python": "", "categories": "", "app": (), "workers": 0, "timeouts": (), "timeout_s": None}


def options(root: Path, text: str, *typed: str) -> dict[str, Any]:
    write_project(root, {"shop.py": "", "kit.toml": text})
    return with_project_options(str(root), USUAL, frozenset(typed))


@pytest.mark.parametrize(
    ("text", "python"),
    [("python = '.venv/bin/python'", "{root}/.venv/bin/python"), ("python = 'python3.12'", "python3.12")],
)
def test_an_interpreter_that_is_a_path_is_relative_to_the_root(text: str, python: str, tmp_path: Path) -> None:
    assert options(tmp_path, text)["python"] == python.format(root=tmp_path)


def test_values_are_converted_as_those_of_a_command_line(tmp_path: Path) -> None:
    found = options(tmp_path, "python = 3\napp = 'src'\nworkers = '2'\n[timeouts]\n'tests/slow/*' = 120\n")

    assert found == {**USUAL, "python": "3", "app": ("src",), "workers": 2, "timeouts": ("tests/slow/*=120.0",)}


@pytest.mark.parametrize("text", ["python = [1, 2]", "app = true", "workers = 'many'", "timeouts = 5"])
def test_a_value_that_cannot_be_is_one_sentence_with_the_file(text: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=rf"kit\.toml: {text.split()[0]} takes "):
        options(tmp_path, text)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["scan", "upgrade-check", "run"])
def test_no_command_fails_because_of_such_a_value(command: str, tmp_path: Path) -> None:
    write_project(tmp_path / "app", {"shop.py": "", "test_a.py": "", "kit.toml": "python = 3\n"})

    done = run_kit(command, "app", cwd=tmp_path)

    assert done.returncode != 4, done.stderr
    assert "kit itself failed" not in done.stderr
