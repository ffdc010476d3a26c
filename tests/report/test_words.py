"""Each number in the words of a report is one of the facts; and one that is not is found."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kit.case import exported, import_case
from kit.facts.case import CaseFacts
from kit.facts.fixes import Trial
from kit.report import write_report
from kit.store import Store, default_url
from tests.report import samples
from tests.report.known import Known
from tests.report.numbers import differences_in_words
from tests.report.rules_notebooks import recognised, wrong_in_notebooks
from tests.report.sample_fixes import FIXES
from tests.report.sample_parts import with_all_parts
from tests.report.test_numbers import written
from tests.report.told import blocks
from tests.report.words import findings, rule


def without_final_trial() -> CaseFacts:
    """The fixes as a few tests measured them, which stand for the others."""
    return replace(samples.incident(), fixes=replace(FIXES, trials=FIXES.trials[:2]))


def with_a_final_trial_that_was_ended() -> CaseFacts:
    ended = Trial(FIXES.trials[-1].options, "DID_NOT_START", "full", None, problem="The run was ended")
    problem = "The final trial of every test was ended: the budget for trials was spent."
    return replace(samples.incident(), fixes=replace(FIXES, trials=(*FIXES.trials[:2], ended), problems=(problem,)))


def with_every_test_run_for_the_first_fix() -> CaseFacts:
    first, last = FIXES.layers
    fixes = replace(FIXES, trials=FIXES.trials[:2], layers=(replace(first, measured="full"), last))
    return replace(samples.incident(), fixes=fixes)


CASES = {**{name: make for name, make in samples.ALL.items() if name != "hostile"}, "all parts": with_all_parts}
CASES |= {"without a final trial": without_final_trial, "final trial ended": with_a_final_trial_that_was_ended}
CASES |= {"every test run for the first fix": with_every_test_run_for_the_first_fix}
Reported = tuple[str, str, dict[str, Any], Path]


def reported(folder: Path, facts: CaseFacts) -> Reported:
    """The forms of a report, and the store that has its case."""
    store = Store(default_url(folder))
    import_case(exported(facts), store)
    store.close()
    write_report(facts, folder / "report")
    return (*written(folder / "report"), folder / "kit.sqlite")


#: those with thousands of tests take a second each
LARGE = {
    "incident",
    "stopped",
    "no_inventory",
    "without a final trial",
    "final trial ended",
    "every test run for the first fix",
}


@pytest.mark.parametrize("name", [pytest.param(one, marks=[pytest.mark.slow] * (one in LARGE)) for one in CASES])
def test_every_number_is_known(tmp_path: Path, name: str) -> None:
    assert list(differences_in_words(*reported(tmp_path, CASES[name]()))) == []


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Reported:
    return reported(tmp_path_factory.mktemp("right"), samples.incident())


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    ["5,069 tests were collected", "3,649 failing tests pass then", "37 still fail", "2 files, 30 lines", "99.3 %"],
)
def test_a_number_that_is_not_one_of_the_facts_is_found(right: Reported, words: str) -> None:
    page, markdown, incident, store = right
    number = re.search(r"\d[\d,.]*", words)
    assert number
    wrong = words.replace(number[0], f"1{number[0]}")
    for texts in ((page.replace(words, wrong), markdown), (page, markdown.replace(words, wrong))):
        assert texts != (page, markdown)
        assert any(f"1{number[0]}" in one for one in differences_in_words(*texts, incident, store))


@pytest.mark.parametrize(
    ("block", "wrong"),
    [
        ("3 tests pass", []),
        ("4 tests pass", ["4"]),
        ("3 tests pass, 9 fail", ["9"]),
        ("see app/models.py:17 and fix 2", []),
        ("index ix_4 is made twice", []),
        ("Row 5 of table 7", []),
    ],
)
def test_a_number_is_known_by_a_rule_by_a_fact_or_by_a_reason(block: str, wrong: list[str]) -> None:
    found = findings([block], [rule(r"<n> tests pass", 3)], ["Row 5 of table 7"])
    assert [one.partition(" in ")[0] for one in found] == wrong


def test_code_is_not_read_and_a_row_is_one_block() -> None:
    html = "<p>a <code>1</code> b</p><table><tr><th>c</th><td>2 <ul><li>d</li></ul></td></tr></table><script>3</script>"
    assert blocks(html) == ["a ◆ b", "c | 2 d"]


@pytest.mark.slow
def test_a_number_of_a_notebook_that_is_not_one_of_the_facts_is_found(right: Reported, tmp_path: Path) -> None:
    known = Known(right[2], right[3])
    for tests, wrong in (("3,914", 0), ("3,915", 1)):
        said = f"{tests} of 5,069 tests failed or could not finish; 1,139 passed."
        cell = {"outputs": [{"data": {"text/html": [f"<p>{said}</p>"]}}]}
        (tmp_path / "3_test_batches.ipynb").write_text(json.dumps({"cells": [cell]}))
        assert recognised(known, tmp_path) == 1
        assert bool(list(wrong_in_notebooks(known, tmp_path))) == bool(wrong)
