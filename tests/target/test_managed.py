"""The environments of poetry, pipenv, hatch, uv and pdm, where those tools would have made them."""

import base64
import hashlib
import os
import sys
import time
from pathlib import Path

import pytest

from kit.target import managed
from kit.target.managed import managed_environments
from tests.helpers import fingerprint, write_project
from tests.target.making import make_command

POETRY = {"pyproject.toml": "[tool.poetry]\nname = 'My Shop'\n"}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setattr(Path, "home", lambda: home)
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "WORKON_HOME", "POETRY_CACHE_DIR", "HATCH_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr("sys.platform", "linux")
    return home


@pytest.fixture
def root(tmp_path):
    return tmp_path / "shop"


def environments(root: Path) -> list[Path]:
    return [path for path, _why in managed_environments(root)]


def hashed(path: Path) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(os.fsencode(path)).digest()).decode()[:8]


def made(folder: Path, *names: str) -> list[Path]:
    """Folders, the first the newest."""
    for age, name in enumerate(names):
        (folder / name).mkdir(parents=True)
        os.utime(folder / name, (time.time() - 100 * age,) * 2)
    return [folder / name for name in names]


def test_poetrys_is_found_by_name_and_folder_the_newest_first(root, home):
    write_project(root, POETRY)
    folder = home / ".cache" / "pypoetry" / "virtualenvs"
    expected = made(folder, f"my_shop-{hashed(root)}-py3.10", f"my_shop-{hashed(root)}-py3.12")
    made(folder, "my_shop-other678-py3.12", f"another-{hashed(root)}-py3.12")
    assert environments(root) == expected


def test_poetrys_folder_can_be_set(root, tmp_path, monkeypatch):
    write_project(root, {"pyproject.toml": "[project]\nname = 'shop'\n", "poetry.lock": ""})
    monkeypatch.setenv("POETRY_CACHE_DIR", str(tmp_path / "cache"))
    expected = made(tmp_path / "cache" / "virtualenvs", f"shop-{hashed(root)}-py3.12")
    assert environments(root) == expected


def test_poetry_is_asked_when_its_environment_is_not_where_it_should_be(root, tmp_path, monkeypatch):
    write_project(root, POETRY)
    (elsewhere,) = made(tmp_path, "elsewhere")
    script = f'echo "Using a cache" >&2; [ "$4" = info ] && echo "${{VIRTUAL_ENV-{elsewhere}}}"'  # as poetry does
    make_command(tmp_path / "bin" / "poetry", script)
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    before = fingerprint(root)
    assert environments(root) == [elsewhere]
    assert fingerprint(root) == before


@pytest.mark.parametrize("script", ["exit 1", "exec /bin/sleep 600", "echo", "echo /nowhere"])
def test_a_poetry_that_has_no_answer_is_no_error(root, tmp_path, script, monkeypatch):
    monkeypatch.setattr(managed, "POETRY_LIMIT", 0.5)
    write_project(root, POETRY)
    make_command(tmp_path / "bin" / "poetry", script)
    assert environments(root) == []


def test_poetry_is_not_asked_about_a_project_that_is_not_its_own(root, tmp_path):
    write_project(root, {"pyproject.toml": "[project]\nname = 'shop'\n"})
    make_command(tmp_path / "bin" / "poetry", f"touch {tmp_path / 'asked'}")
    assert environments(root) == []
    assert not (tmp_path / "asked").exists()


def test_pipenvs_is_found_by_the_place_of_the_pipfile(root, home):
    write_project(root, {"Pipfile": ""})
    digest = base64.urlsafe_b64encode(hashlib.sha256(os.fsencode(root / "Pipfile")).digest()[:6]).decode()
    expected = made(home / ".local" / "share" / "virtualenvs", f"shop-{digest}")
    assert environments(root) == expected


def test_hatchs_environment_for_tests_comes_before_the_default_one(root, home):
    write_project(root, {"pyproject.toml": "[project]\nname = 'My.Shop'\n"})
    folder = home / ".local" / "share" / "hatch" / "env" / "virtual" / "my-shop" / hashed(root)
    docs, default, test = made(folder, "docs", "my-shop", "hatch-test.py3.12")
    assert environments(root) == [test, default, docs]


def test_uvs_environment_of_a_workspace_lies_beside_its_lock_file(root, tmp_path, monkeypatch):
    write_project(tmp_path, {"uv.lock": "", "shop/pyproject.toml": ""})
    expected = made(tmp_path, ".venv", "other")
    assert environments(root) == [expected[0]]
    monkeypatch.setenv("UV_PROJECT_ENVIRONMENT", "other")
    assert environments(root) == [expected[1]]


def test_pdms_is_the_one_that_it_noted(root, tmp_path):
    (environment,) = made(tmp_path, "pdm-environment")
    write_project(root, {".pdm-python": f"{environment}/bin/python\n"})
    assert environments(root) == [environment]


@pytest.mark.parametrize(
    "content", ["", "[tool", "tool = 3", "[tool]\npoetry = 3\n", "project = 'x'", "[project]\nname = 3\n"]
)
def test_an_odd_project_file_is_no_error(root, content):
    write_project(root, {"pyproject.toml": content, "poetry.lock": ""})
    assert environments(root) == []
