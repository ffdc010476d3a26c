from __future__ import annotations

from xml.etree import ElementTree

import pytest

from kit.facts.suite import Accounting
from kit.report.category_chart import category_chart
from kit.report.charts import fixed_bar, outcome_bar
from kit.report.joined import Joined
from kit.report.kept import kept_fixes
from kit.report.ladder_chart import ladder_chart
from tests.report import samples

SVG = "{http://www.w3.org/2000/svg}"


def parsed(counts: list[tuple[str, int]]) -> ElementTree.Element:
    """A chart as an XML tree (a page needs no name spaces, XML does)."""
    text = str(category_chart(counts)).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="x" ', 1)
    return ElementTree.fromstring(text)


def test_the_chart_says_its_numbers_in_words_and_as_text() -> None:
    chart = parsed([("Mapper registry", 3650), ("Datetime", 12)])
    assert chart.get("role") == "img"
    assert chart.findtext(f"{SVG}title") == "Failing tests by category"
    assert str(chart.findtext(f"{SVG}desc")).startswith("Mapper registry: 3,650, Datetime: 12.")
    drawn = {text.text for text in chart.iter(f"{SVG}text")}
    assert {"Mapper registry", "Datetime", "3,650", "12"} <= drawn


def test_the_chart_takes_colours_and_font_from_the_page() -> None:
    text = str(category_chart([("a", 1)]))
    assert "var(--accent,#1f4fc4)" in text
    assert text.count("font-family") == 1
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


def test_thousands_beside_a_few_are_both_readable() -> None:
    chart = parsed([("many", 3623), ("some", 34), ("few", 5)])
    dots = [
        float(use.get("x", "")) for use in chart.iter(f"{SVG}use") if use.get("fill", "").startswith("var(--accent")
    ]
    assert len(dots) == 3
    width = float(str(chart.get("viewBox")).split()[2])
    assert dots[0] - dots[1] > width / 10 < dots[1] - dots[2] + width / 20


def test_the_bar_with_the_fixes_is_on_the_scale_of_the_one_without() -> None:
    before = outcome_bar(Accounting(collected=8, passed=4, error=4), of=10)
    after = fixed_bar(9, 10, of=8)
    assert [one.width for one in before.segments] == [40, 40]
    assert [(one.label, one.tests, one.width) for one in after.segments] == [("Passed", 9, 90), ("Not passed", 1, 10)]


def test_with_the_fixes_a_skipped_test_is_no_failure() -> None:
    bar = fixed_bar(11, 13, of=13, failing=1)
    assert [(one.outcome, one.tests) for one in bar.segments] == [("passed", 11), ("failed", 1), ("skipped", 1)]
    kept = kept_fixes(Joined(samples.incident()))
    assert kept is not None
    assert (kept.collected, kept.passed, kept.failing) == (5070, 5033, 37)


def test_the_scale_of_the_categories_is_plain_unless_they_lie_far_apart() -> None:
    near, far = str(category_chart([("a", 5), ("b", 1)])), str(category_chart([("a", 500), ("b", 1)]))
    assert "ten times" not in near
    assert far.count("ten times the one before") == 2, "said to those who see it and to those who hear it"


def test_the_ladder_has_a_step_for_each_fix_with_its_pass_rate() -> None:
    text = str(ladder_chart([(1, 4), (2, 4), (5, 5)], "title"))
    for rate in ("25.0 %", "50.0 %", "100.0 %", "fixes 1 to 2"):
        assert rate in text
