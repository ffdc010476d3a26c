"""The report as Markdown, as a real renderer reads it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from kit.facts.case import CaseFacts
from kit.report.joined import Joined
from kit.report.markdown import MOST_BYTES, render_markdown
from kit.report.markdown_text import cell_code, code, fenced, plain, spans
from kit.report.page import contents
from tests.report import samples
from tests.report.sample_parts import with_all_parts
from tests.report.test_timeline import with_timeline

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
each_case = pytest.mark.parametrize("make", samples.ALL.values(), ids=samples.ALL.keys())


def tokens(text: str) -> list[Token]:
    return RENDERER.parse(text)


def shown(text: str) -> str:
    """The words that a reader sees, without markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", RENDERER.render(text))).split())


@cache
def sample(make: Callable[[], CaseFacts]) -> str:
    """The Markdown of a sample."""
    return render_markdown(make(), "now")


@pytest.mark.slow
@each_case
def test_each_section_of_the_page_is_a_heading_and_each_missing_one_is_named(make: Callable[[], CaseFacts]) -> None:
    facts = make()
    text = sample(make)
    headings = re.findall(r"<h2>(.*?)</h2>", RENDERER.render(text))
    found = contents(Joined(facts))
    expected = [section.title for section, _ in found.shown]
    assert headings == expected + ["Not measured"] * bool(found.missing)
    for section, missing in found.missing:
        assert f"{section.title}: {missing.why}" in shown(text)


@each_case
def test_tables_and_fences_are_read_as_such(make: Callable[[], CaseFacts]) -> None:
    text = sample(make)
    parsed = tokens(text)
    outside = re.sub(r"^(`{3,})\w*\n.*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    assert outside.count("\n|--") == sum(one.type == "table_open" for one in parsed)
    lines = [line for line in outside.splitlines() if line.startswith("|")]
    assert len(lines) == sum(one.type == "tr_open" for one in parsed) + outside.count("\n|--")
    assert not [one for one in parsed if one.type in ("html_block", "html_inline")]


def test_hostile_text_is_shown_and_is_never_markup() -> None:
    text = render_markdown(samples.hostile(), "now")
    made = RENDERER.render(text)
    assert "<script" not in made
    assert "<img" not in made
    assert not re.search('href="(?!https://)', made)
    assert "{{ 7*7 }}" in shown(text)


def test_it_says_the_same_as_the_page() -> None:
    text = shown(render_markdown(with_timeline(), "now"))
    for words in (
        "3,650 of 5,069 tests fail because of it.",
        "Do this: Apply 2 fixes, for this cause and 1 other (2 files, 30 lines)",
        "Measured with every test: 3,649 failing tests pass then, 37 still fail, 0 break, 1 more can be collected.",
        "Check with: kit verify trading-20261123-0633",
        "The rows add up to 5,069, the number of collected tests.",
        "All together, every test run 3,649 1 0 5,070 5,033 99.3 %",
        "had been seen after 1 min 44 s of 3 min 20 s",
    ):
        assert words in text


@pytest.mark.slow
def test_what_test_files_miss_alone_is_told_with_and_without_findings() -> None:
    facts = with_all_parts()
    assert facts.inventory
    alone = "1 test file alone (`backend/tests/test_decisions.py`): table `accounts`"

    for findings in (facts.inventory.findings, ()):
        known = replace(facts, inventory=replace(facts.inventory, findings=findings))
        assert alone in render_markdown(known, "now")


def test_a_large_case_gets_shorter_lists_and_still_fits() -> None:
    facts = samples.incident()
    assert facts.causes
    many = tuple(replace(facts.causes[2], id=f"cause-{index}", title=f"Cause {index}") for index in range(400))
    text = render_markdown(replace(facts, causes=(*facts.causes, *many)), "now")
    assert len(text.encode()) <= MOST_BYTES
    assert "more rows in" in text
    assert text.count("\n## ") >= 16


@pytest.mark.slow
def test_what_does_not_fit_at_all_is_cut_where_a_section_ends() -> None:
    facts = samples.incident()
    assert facts.fixes
    patch = "--- a/x.py\n+++ b/x.py\n@@ -0,0 +1,40000 @@\n" + "+x\n" * 40_000
    options = tuple(replace(one, patch=patch) for one in facts.fixes.options)
    text = render_markdown(replace(facts, fixes=replace(facts.fixes, options=options)), "now")
    assert len(text.encode()) <= MOST_BYTES
    assert text.endswith("it is too long for this file.\n")


@pytest.mark.parametrize(
    "words",
    [
        "snake_case and _emphasis_ and __init__",
        "1. not a list",
        "- nor this",
        "# nor a heading",
        "> nor a quotation",
        "a | b \\ c * d ~~ e [x](y) <b> &amp; $x$",
        "==",
        "0.0 %",
    ],
)
def test_text_is_shown_as_it_is(words: str) -> None:
    assert shown(plain(words)) == words
    assert shown(f"| a |\n|---|\n| {plain(words)} |") == f"a {words}"


def test_names_stay_readable_in_the_source() -> None:
    assert plain("ix_quota_usages_user_id is 0.1 %") == "ix_quota_usages_user_id is 0.1 %"


@pytest.mark.parametrize("words", ["a`b", "``", "a_b|c", "<b>"])
def test_code_is_shown_as_it_is_also_in_a_table(words: str) -> None:
    assert shown(code(words)) == words
    assert shown(f"| a |\n|---|\n| {cell_code(words)} |") == f"a {words}"


@pytest.mark.parametrize(
    "words",
    [
        "One name: `index=True` on a column.",
        "`utcnow()` gives one",
        "a `b`",
        "`a` `b`",
        "a_b * `c|d` - e",
        "1. a",
    ],
)
def test_each_word_beside_code_is_shown_with_the_space_before_and_after_it(words: str) -> None:
    assert shown(spans(words)) == words.replace("`", "")


def test_places_stand_apart() -> None:
    text = sample(samples.incident)
    assert re.search(r"^\*\*Where\*\*: `[^`]+` · `", text, re.MULTILINE)
    assert re.search(r"^Where: `[^`]+`, `", text, re.MULTILINE)
    assert not re.search(r"^(\*\*)?Where.*`[·,](?! )", text, re.MULTILINE)


def test_a_command_can_be_copied_from_the_text_whatever_its_test_is_called() -> None:
    facts = replace(samples.incident(), fixes=None)
    assert facts.causes
    first, *others = facts.causes
    step = replace(first.next_step, argv=("kit", "run", ".", "--", "t.py::t[a|b]"))
    text = render_markdown(replace(facts, causes=(replace(first, next_step=step), *others)), "now")
    assert "`kit run . --timeout-s 30 -- 't.py::t[a|b]'`" in text


def test_a_fence_is_longer_than_those_inside() -> None:
    block = fenced("````\nx\n````", "python")
    assert [one.type for one in tokens(str(block))] == ["fence"]
