"""What the target says it needs, with the lines that say so."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.facts.inventory import Requirement
from kit.inventory.source.requirements import read_requirements
from tests.helpers import write_project

FILES = {
    "requirements.txt": """
        # what the app needs
        -r base.txt
        --index-url https://packages.example
        Flask>=2  # the web
        sqlalchemy[asyncio]==2.0.36 ; python_version > "3.8"
        https://example.org/some.whl
    """,
    "requirements/dev.in": "pytest\n",
    "pyproject.toml": """
        [project]
        name = "shop"
        dependencies = [
            "httpx>=0.27",
            "eth-account",
        ]
        [project.optional-dependencies]
        web = ["uvicorn[standard]"]
        [dependency-groups]
        dev = ["ruff", {include-group = "web"}]
        [tool.poetry.dependencies]
        python = "^3.11"
        celery = "*"
    """,
    "setup.cfg": """
        [options]
        install_requires =
            attrs
            msgspec>=0.18
    """,
}


def test_every_kind_of_file_is_read_with_its_lines(tmp_path: Path) -> None:
    found, files = read_requirements(write_project(tmp_path / "shop", FILES))

    assert files == ("requirements.txt", "requirements/dev.in", "pyproject.toml", "setup.cfg")
    assert {(one.name, one.path) for one in found} == {
        ("Flask", "requirements.txt"),
        ("sqlalchemy", "requirements.txt"),
        ("pytest", "requirements/dev.in"),
        ("httpx", "pyproject.toml"),
        ("eth-account", "pyproject.toml"),
        ("uvicorn", "pyproject.toml"),
        ("ruff", "pyproject.toml"),
        ("python", "pyproject.toml"),
        ("celery", "pyproject.toml"),
        ("attrs", "setup.cfg"),
        ("msgspec", "setup.cfg"),
    }
    lines = {one.name: one.line for one in found}
    for name in ("Flask", "eth-account", "uvicorn", "msgspec"):
        path = next(one.path for one in found if one.name == name)
        assert name in (tmp_path / "shop" / path).read_text().splitlines()[lines[name] - 1]


def test_a_file_that_cannot_be_parsed_is_left_out(tmp_path: Path) -> None:
    root = write_project(tmp_path / "shop", {"pyproject.toml": "[project\n", "requirements.txt": "flask\n"})

    assert read_requirements(root) == ((Requirement("flask", "requirements.txt", 1),), ("requirements.txt",))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shop")


@pytest.mark.slow
@given(text=st.text())
def test_any_text_is_read_without_an_error(folder: Path, text: str) -> None:
    for name in ("requirements.txt", "pyproject.toml", "setup.cfg"):
        (folder / name).write_text(text, encoding="utf-8", errors="replace")

    found, _ = read_requirements(folder)

    assert all(one.name and one.line >= 1 for one in found)


def test_an_extra_that_names_its_own_project_requires_nothing_more(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": """
            [project]
            name = "shop-front"
            [project.optional-dependencies]
            tests = ["pytest"]
            dev = ["Shop_Front[tests]", "tox"]
        """,
        "setup.cfg": """
            [metadata]
            name = shop.front
            [options.extras_require]
            docs = sphinx
            all = shop-front[docs]
        """,
    }
    found, _ = read_requirements(write_project(tmp_path / "shop", files))

    assert [one.name for one in found] == ["pytest", "tox", "sphinx"]
