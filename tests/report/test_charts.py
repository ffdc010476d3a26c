from __future__ import annotations

from xml.etree import ElementTree

import pytest

from kit.facts.suite import Accounting
from kit.report.charts import category_chart, outcome_bar
from tests.report import samples

SVG = "{http://www.w3.org/2000/svg}"


def parsed(counts: list[tuple[str, int]]) -> ElementTree.Element:
    """A chart as an XML tree (a page needs no name spaces, XML does)."""
    text = str(category_chart(counts)).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="x" ', 1)
    return ElementTree.fromstring(text)


def test_the_chart_says_its_numbers_in_words_and_as_text() -> None:
    chart = parsed([("Mapper registry", 3650), ("Datetime", 12)])
    assert chart.get("role") == "img"
    described = {chart.findtext(f"{SVG}title"), chart.findtext(f"{SVG}desc")}
    assert described == {"Failing tests by category", "Mapper registry: 3,650, Datetime: 12"}
    drawn = {text.text for text in chart.iter(f"{SVG}text")}
    assert {"Mapper registry", "Datetime", "3,650", "12"} <= drawn


def test_the_chart_takes_colours_and_font_from_the_page() -> None:
    text = str(category_chart([("a", 1)]))
    assert "var(--accent)" in text
    assert "font-family" not in text
    assert "#010101" not in text


def test_the_chart_is_the_same_each_time() -> None:
    assert category_chart([("a", 3), ("b", 1)]) == category_chart([("a", 3), ("b", 1)])


@pytest.mark.parametrize("title", [samples.HOSTILE, "$\\frac{1}{0}$", "漢字 🧨 ערבית", "x" * 300, ""])
def test_titles_of_users_are_only_text(title: str) -> None:
    chart = parsed([(title, 7)])
    assert not list(chart.iter(f"{SVG}script"))


def test_segments_fill_the_bar_and_what_did_not_occur_has_none() -> None:
    bar = outcome_bar(Accounting(collected=8, passed=4, error=3, not_run=1))
    assert [(one.outcome, one.start, one.width) for one in bar.segments] == [
        ("passed", 0, 50),
        ("error", 50, 37.5),
        ("not_run", 87.5, 12.5),
    ]
    assert bar.description == "Of 8 collected tests: 4 passed (50.0 %), 3 error (37.5 %), 1 not run (12.5 %)."
