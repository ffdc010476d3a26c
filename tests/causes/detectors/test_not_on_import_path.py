"""A module that is there, in a folder that is not on the import path."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.causes.apps import PYPROJECT, investigated, places, told

pytestmark = pytest.mark.slow

#: kit reads them from the source, whether or not anything can import them
MODELS = """
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
    class Base(DeclarativeBase): ...
    class Bin(Base):
        __tablename__ = "bins"
        id: Mapped[int] = mapped_column(primary_key=True)
"""
IMPORTLIB = PYPROJECT + 'addopts = ["--import-mode=importlib"]\n'


def test_a_conftest_is_not_a_package_that_is_not_installed(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": IMPORTLIB,
        "tests/conftest.py": "def run_script(text): return text\n",
        "tests/test_script.py": "from conftest import run_script\n\n\ndef test_run(): assert run_script('a')\n",
    }
    (cause,), suite = investigated(tmp_path, files)
    assert suite.collection_errors
    assert cause.kind == "not-on-import-path"
    assert (
        cause.title == '"conftest" cannot be imported: tests/conftest.py is there, and tests is not on the import path'
    )
    assert places(cause) == ["tests/test_script.py:1", "tests/conftest.py:1"]
    assert "--import-mode=importlib" in told(cause)
    assert 'pythonpath = ["tests"]' in str(cause.next_step)


def test_a_helper_beside_the_tests_of_a_package_is_imported_through_it(tmp_path: Path) -> None:
    files = {
        "tests/__init__.py": "",
        "tests/helpers.py": "A = 1\n",
        "tests/test_a.py": "import helpers\n\n\ndef test_a(): assert helpers.A\n",
    }
    (cause,), _ = investigated(tmp_path, files)
    assert cause.kind == "not-on-import-path"
    assert "Import it as tests.helpers" in str(cause.next_step)


def test_a_package_in_src_that_is_not_installed(tmp_path: Path) -> None:
    files = {"src/depot/__init__.py": "", "tests/test_a.py": "import depot\n\n\ndef test_a(): assert depot\n"}
    (cause,), _ = investigated(tmp_path, files)
    assert cause.kind == "not-on-import-path"
    assert 'pythonpath = ["src"]' in str(cause.next_step)


def test_a_project_that_names_itself_in_an_extra_is_no_package_to_install(tmp_path: Path) -> None:
    extra = '[project.optional-dependencies]\ndev = ["depot[tests]"]\n'
    files = {
        "pyproject.toml": PYPROJECT.replace('"shop"', '"depot"') + extra,
        "src/depot/__init__.py": "",
        "tests/test_a.py": "import depot\n\n\ndef test_a(): assert depot\n",
    }
    (cause,), _ = investigated(tmp_path, files)
    assert cause.kind == "not-on-import-path"
    assert "Install the project" in str(cause.next_step)


def test_a_package_without_a_file_of_its_own_in_src_that_is_not_installed(tmp_path: Path) -> None:
    files = {
        "src/acme/stock/__init__.py": "",
        "src/acme/stock/bins.py": MODELS,
        "tests/test_a.py": "from acme.stock.bins import Bin\n\n\ndef test_a(): assert Bin\n",
    }
    causes, _ = investigated(tmp_path, files)
    cause = causes[0]
    assert cause.title == (
        '"acme" cannot be imported: src/acme/stock/bins.py is there, and src is not on the import path'
    )
    assert 'pythonpath = ["src"]' in str(cause.next_step)


MODELS = """
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
    class Base(DeclarativeBase): ...
    class Bin(Base):
        __tablename__ = "bin"
        id: Mapped[int] = mapped_column(primary_key=True)
"""


@pytest.mark.parametrize("first", [{}, {"src/acme/__init__.py": ""}], ids=["namespace", "package"])
def test_a_package_in_src_with_models_and_a_namespace_are_found_too(tmp_path: Path, first: dict[str, str]) -> None:
    files = {
        **first,
        "src/acme/stock/__init__.py": "",
        "src/acme/stock/bins.py": MODELS,
        "tests/test_a.py": "from acme.stock.bins import Bin\n\n\ndef test_a(): assert Bin\n",
    }
    (cause, *_), _ = investigated(tmp_path, files)
    assert cause.kind == "not-on-import-path"
    assert cause.title.startswith('"acme" cannot be imported: src/acme/')
    assert cause.title.endswith("is there, and src is not on the import path")
    assert 'pythonpath = ["src"]' in str(cause.next_step)


@pytest.mark.parametrize("required", [True, False])
def test_a_file_of_the_same_name_elsewhere_in_the_app_is_not_meant(tmp_path: Path, required: bool) -> None:
    wanted = 'dependencies = ["nosuchcache"]\n' if required else ""
    beside = {"tests/nosuchcache.py": ""} if required else {"shop/nosuchcache.py": ""}
    files = {
        "pyproject.toml": PYPROJECT.replace("[tool.pytest", f"{wanted}[tool.pytest")
        + 'addopts = ["--import-mode=importlib"]\n',
        "tests/test_a.py": "import nosuchcache\n\n\ndef test_a(): assert nosuchcache\n",
        **beside,
    }
    (cause,), _ = investigated(tmp_path, files)
    assert cause.kind == "missing-package"
