"""``kit compare`` shows what became of each cause and test between two cases in the store."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers import run_kit, write_project

pytestmark = pytest.mark.slow

SHOP = "{lines}def price(name):\n    return {prices}[name]\n"
TESTS = """
from shop import price


def test_apple():
    assert price("apple") == 1


def test_bread():
    assert price("bread") == 2
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compare")
    write_project(folder / "app", {"tests/test_shop.py": TESTS, "pytest.ini": "[pytest]\npythonpath = .\n"})
    for case, lines, prices in (("one", "", "{'apple': 1}"), ("two", "\n\n", "{'apple': 1}"), ("three", "", "{}")):
        (folder / "app/shop.py").write_text(SHOP.format(lines=lines, prices=prices))
        run_kit("run", "app", "--case", case, "--reports-dir", "reports", cwd=folder)
    return folder


def compared(folder: Path, *given: str) -> tuple[int, str, str]:
    done = run_kit("compare", *given, "--reports-dir", "reports", cwd=folder)
    return done.returncode, done.stdout, done.stderr


def test_a_cause_whose_line_moved_is_known(folder: Path) -> None:
    code, out, _ = compared(folder, "one", "two")

    assert code == 0
    assert out.strip().endswith("UNCHANGED: 1 cause known, no test broken")


def test_a_broken_test_is_new_and_the_exit_code_says_so(folder: Path) -> None:
    code, out, _ = compared(folder, "two", "three", "--format", "json")

    told = json.loads(out)
    assert (code, told["verdict"]) == (1, "WORSE")
    assert {one["nodeid"]: one["change"] for one in told["tests"]} == {
        "tests/test_shop.py::test_apple": "new",
        "tests/test_shop.py::test_bread": "known",
    }


def test_markdown_says_first_that_one_cause_is_fixed_and_another_is_left(folder: Path) -> None:
    code, out, _ = compared(folder, "three", "two", "--format", "markdown")

    assert code == 0
    assert out.startswith("**PARTLY RESOLVED: 1 cause fixed, 1 known, no test broken; still there: ")
    assert "- fixed: `tests/test_shop.py::test_apple`" in out


def test_html_is_a_page_of_its_own_that_says_the_same(folder: Path) -> None:
    code, out, _ = compared(folder, "two", "three", "--format", "html")

    assert code == 1
    assert out.startswith("<!DOCTYPE html>")
    assert "<strong>WORSE: " in out
    assert "tests/test_shop.py::test_apple" in out
    assert 'href="#' not in out
    assert "<script" not in out


def test_an_unknown_case_is_one_sentence(folder: Path) -> None:
    code, out, err = compared(folder, "one", "zero")

    assert (code, out) == (2, "")
    assert 'no case "zero"' in err
