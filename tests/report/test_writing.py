"""What the linter of words finds in a report fails here; and it finds what it is made to find."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kit.report.markdown import render_markdown
from tests.report import samples, test_markdown, test_page
from tests.report.test_example import HTML, MARKDOWN
from tests.report.test_page import Page
from tests.report.test_timeline import with_timeline
from tests.report.writing import confirmed_without_a_trial, findings, findings_of_markdown

WRONG_SUM = (
    "1 unlocked + 1 kept + 0 unmasked + 0 still failing + 0 broken + 0 gone = 3 collected before. "
    "2 of them are collected after as well; with 0 newly collected these are 2"
)

#: all but the one whose texts are made to look like markup
CASES = {**{name: make for name, make in samples.ALL.items() if name != "hostile"}, "timeline": with_timeline}


def prose(shown: Page) -> str:
    """The words of a page in which code does not count."""
    return re.sub(r"kit\.\w+\S*", "", shown.text)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_the_words_of_a_report_are_right(name: str) -> None:
    shown = test_page.sample(CASES[name])[1]
    assert list(findings_of_markdown(test_markdown.sample(CASES[name]))) == []
    assert [one for one in findings(prose(shown)) if not one.startswith("placeholder")] == []


@pytest.mark.slow
def test_the_words_of_the_example_are_right() -> None:
    assert list(findings_of_markdown(MARKDOWN)) == []
    assert [one for one in findings(Page(HTML).text) if not one.startswith("placeholder")] == []


def test_no_cause_is_called_confirmed_that_no_trial_confirmed() -> None:
    facts = samples.incident()
    assert facts.causes
    causes = (replace(facts.causes[0], state="confirmed"), *facts.causes[1:])
    text = render_markdown(replace(facts, causes=causes), "now")

    assert list(confirmed_without_a_trial(text, {causes[0].title})) == []
    assert len(list(confirmed_without_a_trial(text, set()))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "the case {{ case.id }}",
        "It hides None of them",
        "1 tests failed",
        "1 more files",
        "1 test are left",
        "the bug is completely resolved",
        "this guarantees it",
        WRONG_SUM,
    ],
)
def test_what_is_wrong_is_found(text: str) -> None:
    assert list(findings(text))


@pytest.mark.parametrize("text", ["21 tests failed", "1 test is left", "0.1 files", "1 of 5 tests pass", "a=None"])
def test_what_is_right_is_not(text: str) -> None:
    assert not list(findings(text))


def test_a_table_of_outcomes_that_does_not_add_up_is_found() -> None:
    table = "\n## Accounting\n\n| outcome | tests | share |\n|---|---:|---:|\n| Passed | 3 | 75 % |\n"
    assert not list(findings_of_markdown(f"{table}| **Collected** | **3** | |\n"))
    assert list(findings_of_markdown(f"{table}| **Collected** | **4** | |\n"))
