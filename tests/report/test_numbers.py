"""Page, Markdown, JSON and store have the same numbers; and a number that differs is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kit.case import CaseOptions, Investigation
from kit.report import write_report
from tests.helpers import write_project
from tests.report import samples
from tests.report.numbers import all_differences, differences, differences_from_store
from tests.report.sample_parts import with_all_parts

CASES = {**{name: make for name, make in samples.ALL.items() if name != "hostile"}, "all parts": with_all_parts}
PROJECT = {
    "pytest.ini": "[pytest]\n",
    "tests/test_shop.py": """
        import pytest

        @pytest.mark.parametrize("price", [1, 2, 3])
        def test_price(price):
            assert price < 3

        def test_tax():
            assert False

        @pytest.mark.skip(reason="later")
        def test_later(): ...
    """,
    "tests/test_lost.py": "import a_package_that_nobody_has\n",
}


def written(folder: Path) -> tuple[str, str, dict[str, Any]]:
    page, markdown = ((folder / f"incident.{form}").read_text(encoding="utf-8") for form in ("html", "md"))
    return page, markdown, json.loads((folder / "incident.json").read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_the_three_forms_have_the_same_numbers(tmp_path: Path, name: str) -> None:
    write_report(CASES[name](), tmp_path)
    assert list(differences(*written(tmp_path))) == []


@pytest.mark.slow
def test_they_are_those_of_the_store(tmp_path: Path) -> None:
    root = write_project(tmp_path / "project", PROJECT)
    investigation = Investigation.start(CaseOptions.of(root, case="c", reports_dir=tmp_path / "reports"))
    investigation.run_tests()
    investigation.diagnose()
    folder = investigation.write_report().parent
    investigation.store.close()
    incident = written(folder)[2]

    assert incident["accounting"]["collected"] == 5
    store = tmp_path / "reports" / "kit.sqlite"
    assert list(all_differences(folder, store)) == []
    incident["accounting"]["failed"] += 1
    assert len(list(differences_from_store(incident, store))) == 1


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("right")
    write_report(with_all_parts(), folder)
    return written(folder)


@pytest.mark.slow
@pytest.mark.parametrize("form", [0, 1])
@pytest.mark.parametrize("words", ["3,650 of 5,069 collected tests blocked", "5,032"])
def test_a_number_that_differs_in_one_form_is_found(
    right: tuple[str, str, dict[str, Any]], form: int, words: str
) -> None:
    texts = [right[0], right[1]]
    assert words in texts[form]
    texts[form] = texts[form].replace(words, words.replace("0", "1"))
    assert list(differences(texts[0], texts[1], right[2]))


def test_a_test_with_another_cause_is_found(right: tuple[str, str, dict[str, Any]]) -> None:
    tests = [{**test, "cause": None} for test in right[2]["tests"]]
    assert any("tests:" in one for one in differences(right[0], right[1], {**right[2], "tests": tests}))
