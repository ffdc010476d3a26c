"""What is copied from a cause is complete in itself."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from kit.facts.causes import Excerpt
from kit.report.anchors import anchor
from kit.report.blocks import cause_markdown, for_an_assistant
from kit.report.joined import Joined
from tests.report import samples
from tests.report.packed import unpacked
from tests.report.test_page import Page, page


def copied(made: Page) -> dict[str, str]:
    """The texts behind the buttons of a page, by the keys of the buttons."""
    (packed,) = (text for text in made.scripts if text.strip() and unpacked(text).startswith('{"cause'))
    texts: dict[str, str] = json.loads(unpacked(packed))
    return texts


@pytest.fixture(scope="module")
def joined() -> Joined:
    facts = samples.incident()
    assert facts.causes
    excerpt = Excerpt("backend/app/paper/models.py", 40, ("a = 1", "b = 2"), (41,))
    return Joined(replace(facts, causes=(replace(facts.causes[0], excerpts=(excerpt,)), *facts.causes[1:])))


def test_the_cause_has_place_lines_error_evidence_test_and_step(joined: Joined) -> None:
    text = cause_markdown(joined, joined.causes[0])

    assert text.startswith('# Index "ix_orders_status" is defined twice on table "orders"\n')
    for words in (
        "3,650 of 5,069 collected tests blocked",
        "`backend/app/paper/models.py:40`",
        ">   41 | b = 2",
        "OperationalError",
        "- An explicit Index has the same name",
        "A failing test: `backend/tests/",
        "Next step: Remove index=True from the column",
    ):
        assert words in text


def test_the_assistant_gets_the_task_and_what_must_not_change(joined: Joined) -> None:
    text = for_an_assistant(joined, joined.causes[1])

    assert "Fix this cause in the project trading (Python 3.12.4, sqlalchemy 2.0.36, pytest 8.3.4)." in text
    assert f"{joined.accounting.passed:,} tests pass now and must still pass." in text  # type: ignore[union-attr]
    assert re.search(r"What these places import must still be there: `\S+:\d+`.* and 28 more\.", text)
    assert "Check: `kit verify trading-20261123-0633 mapper-collision:User`" in text


@pytest.mark.slow
def test_a_button_of_the_page_copies_each_of_them(joined: Joined) -> None:
    made = page(joined.facts)
    texts = copied(made)

    assert set(made.values("data-copy")) == texts.keys()
    for cause in joined.causes:
        markdown = cause_markdown(joined, cause)
        assert texts[anchor("cause", cause.id)] == markdown
        assert texts[f"assistant-{anchor('cause', cause.id)}"] == markdown + for_an_assistant(joined, cause)
    assert texts["patch"].startswith("diff --git")


def test_hostile_text_stays_text() -> None:
    hostile = Joined(samples.hostile())
    text = cause_markdown(hostile, hostile.causes[0]) + for_an_assistant(hostile, hostile.causes[0])

    assert "<script" not in MarkdownIt("commonmark").render(text)
