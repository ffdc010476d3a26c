from __future__ import annotations

from pathlib import Path

import pytest

from kit.target.name import find_name
from tests.helpers import write_project


@pytest.mark.parametrize(
    ("pyproject", "name"),
    [
        ('[project]\nname = "trading-platform"\n', "trading-platform"),
        ('[tool.poetry]\nname = "shop"\n', "shop"),
        ("[project]\nname = 5\n", "app"),
        ("[tool.pytest.ini_options]\n", "app"),
        ("this is no TOML", "app"),
        ("project = 3\n", "app"),
    ],
)
def test_a_target_is_called_what_its_project_is_called(tmp_path: Path, pyproject: str, name: str) -> None:
    assert find_name(write_project(tmp_path / "app", {"pyproject.toml": pyproject})) == name


def test_a_target_without_a_project_is_called_like_its_folder(tmp_path: Path) -> None:
    assert find_name(tmp_path / "app") == "app"
