"""The example is the report as it is made today: its sections, its numbers, and nothing of the machine that made it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from kit.report.markdown import MOST_BYTES
from kit.report.page import SECTIONS
from tests.report.test_page import Page

FOLDER = Path(__file__).parents[2] / "reports" / "example"
MARKDOWN = (FOLDER / "incident.md").read_text(encoding="utf-8")
HTML = (FOLDER / "incident.html").read_text(encoding="utf-8")
AGAIN = "make it anew: make example"

#: headings of the page beside those of its sections
_BESIDE = {"Contents", "Keys"}


@pytest.fixture(scope="module")
def example() -> Page:
    return Page(HTML)


def headings(html: str) -> list[str]:
    return re.findall(r"<h2[^>]*>([^<]*)</h2>", html)


def test_it_has_the_sections_of_today_in_their_order() -> None:
    shown = re.findall(r'<section id="(\w+)" class="part', HTML)
    known = [section.key for section in SECTIONS]
    assert [key for key in known if key in shown] == [key for key in shown if key != "missing"], AGAIN
    assert set(known) - set(shown) <= {"changes", "trend"}, AGAIN
    titles = {section.key: section.title for section in SECTIONS} | {"missing": "Not measured"}
    assert [one for one in headings(HTML) if one not in _BESIDE] == [titles[key] for key in shown], AGAIN


@pytest.mark.slow
def test_the_markdown_has_the_sections_of_the_page_and_its_numbers(example: Page) -> None:
    made = MarkdownIt("commonmark").enable("table").render(MARKDOWN)
    assert headings(made) == [one for one in headings(HTML) if one not in _BESIDE], AGAIN
    for words in ("3,623 of 5,072", "The rows add up to 5,072, the number of collected tests."):
        assert words in re.sub("<[^>]+>", "", made)
        assert words in example.text
    rates = re.search(r"[\d.]+ % of the tests pass now, [\d.]+ % with \d+ fixes", MARKDOWN)
    assert rates, AGAIN
    assert rates[0] in example.text


def test_it_names_as_many_causes_in_both(example: Page) -> None:
    cards = sum(attributes.get("class") == "card cause" for _, attributes in example.elements)
    assert cards == len(re.findall(r"^### \d+\. ", MARKDOWN, re.MULTILINE)) > 10


def test_it_is_small_enough_to_send() -> None:
    assert len(HTML.encode()) < 500_000
    assert len(MARKDOWN.encode()) < MOST_BYTES
    assert (FOLDER / "first-screen.png").stat().st_size < 200_000


def test_it_says_nothing_of_the_machine_that_made_it() -> None:
    for text in (HTML, MARKDOWN):
        folders = set(re.findall(r"(?<![\w/.:])/(?:home|root|tmp|work|Users)/[\w.-]+", text))
        assert folders <= {"/home/dev"}
