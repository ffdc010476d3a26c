"""The dossier of a test names the functions of the app that it executes, once a run has recorded them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers import run_kit, write_project

pytestmark = pytest.mark.slow

APP = {
    "pytest.ini": "[pytest]\n",
    "shop/__init__.py": "",
    "shop/prices.py": "def rounded(x): return round(x)\n\ndef price(x): return rounded(x) + 1\n",
    "tests/test_prices.py": (
        "from shop.prices import price\n\ndef helper(): return price(2)\n\n"
        "def test_price(): assert helper() == 2\n\ndef test_nothing(): pass\n"
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("executed")
    write_project(folder / "app", APP)
    run_kit("run", "app", "--reports-dir", "reports", cwd=folder)
    return folder


def test_functions_of_the_app_are_told_and_those_of_tests_are_not(folder: Path) -> None:
    said = run_kit("explain", "test_price", "--reports-dir", "reports", cwd=folder).stdout

    assert "  executes  2 functions of the app: shop/prices.py::price, shop/prices.py::rounded\n" in said


def test_a_test_that_executes_nothing_of_the_app_says_so(folder: Path) -> None:
    said = run_kit("explain", "test_nothing", "--format", "json", "--reports-dir", "reports", cwd=folder).stdout

    assert json.loads(said)["executes"] == []
