"""Where a policy refuses the style sheet, the pictures keep their colours."""

from __future__ import annotations

import re

import pytest

from kit.report.page import render
from tests.report import samples
from tests.report.sample_excerpts import with_excerpts
from tests.report.test_timeline import with_timeline

PICTURE = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
SHAPE = re.compile(r"<(?:rect|path|use|circle|text)\b[^>]*>")


@pytest.fixture(scope="module")
def pictures() -> list[str]:
    found = PICTURE.findall(render(with_timeline(), "now"))
    return [one for one in found if 'class="patterns"' not in one]


def test_no_picture_has_colours_that_only_a_style_gives(pictures: list[str]) -> None:
    assert len(pictures) > 10
    for picture in pictures:
        assert "<style" not in picture
        assert not re.search(r'style="[^"]*(?:fill|stroke|color)', picture)
        assert not re.search(r"var\(--[\w-]+\)", picture), "a variable needs something to fall back to"


def test_each_bar_has_a_colour_of_its_own(pictures: list[str]) -> None:
    bars = [shape for one in pictures for shape in SHAPE.findall(one) if re.search(r'class="(?:o-|fill|track)', shape)]
    assert len(bars) > 10
    assert [shape for shape in bars if ' fill="#' not in shape] == []


def test_the_plain_colours_are_those_of_the_light_theme() -> None:
    from kit.report.charts import PLAIN_COLOURS
    from kit.report.files import asset

    light = asset("report.css").partition("@media")[0]
    theme = dict(re.findall(r"--(\w+): (#\w+);", light))
    same = {outcome: colour for outcome, colour in PLAIN_COLOURS.items() if outcome != "not_run"}
    assert {outcome: theme[outcome] for outcome in same} == same


def test_the_page_of_a_case_without_events_has_the_same_rule() -> None:
    assert "var(--accent)" not in "".join(PICTURE.findall(render(samples.stopped(), "now")))


def test_lines_of_code_stay_lines_and_stand_apart_from_their_numbers() -> None:
    excerpts = re.findall(r'<figure class="excerpt">.*?</figure>', render(with_excerpts(2), "now"), re.DOTALL)
    assert len(excerpts) >= 2
    for one in excerpts:
        words = re.sub(r"<[^>]+>", "", one.partition("<pre>")[2])
        assert [re.match(r"\d+ ", line) is not None for line in words.rstrip().split("\n")] == [True] * 5
