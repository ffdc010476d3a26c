"""How far the module at fault reaches: its numbers are those of the facts, in the page and in Markdown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.facts.case import CaseFacts
from kit.facts.outcomes import BAD
from kit.report.joined import Joined
from kit.report.markdown import render_markdown
from kit.report.sections.reach import reach
from tests.report import samples
from tests.report.sample_parts import REACHED, with_all_parts
from tests.report.test_page import page

FINDING = "3 files and 2 test files load backend.app.paper.models"


def with_reached(**changes: tuple[str, ...]) -> CaseFacts:
    facts = with_all_parts()
    assert facts.inventory
    return replace(facts, inventory=replace(facts.inventory, reached=(replace(REACHED, **changes),)))


def test_it_counts_files_and_the_tests_of_the_files_that_load_it() -> None:
    facts = with_all_parts()
    assert facts.suite
    results = facts.suite.results
    failing = [one.path in REACHED.test_files for one in results if one.outcome in BAD]
    passing = [one.path in REACHED.test_files for one in results if one.outcome == "passed"]

    found = reach(Joined(facts))

    assert found is not None
    assert found.finding == FINDING
    assert found.tests == (
        f"{sum(failing)} of {len(failing):,} failing tests are in a test file that loads it; "
        f"{sum(passing)} of {len(passing):,} passing ones are."
    )
    assert "Files that import it: 2, Files that load it through others: 1, Test files that load it: 2." in found.chart


def test_all_failing_tests_are_called_all() -> None:
    facts = samples.incident()
    assert facts.suite
    every = tuple({one.path for one in facts.suite.results})
    found = reach(Joined(with_reached(test_files=every)))

    assert found is not None
    failing = sum(one.outcome in BAD for one in facts.suite.results)
    passing = sum(one.outcome == "passed" for one in facts.suite.results)
    assert found.tests == (
        f"All {failing:,} failing tests and all {passing:,} passing ones are in test files that load it: "
        "this does not tell them apart."
    )


@pytest.mark.slow
def test_the_page_and_the_markdown_say_the_same() -> None:
    facts = with_all_parts()
    found = reach(Joined(facts))

    assert found is not None
    for text in (page(facts).text, render_markdown(facts, "now").replace("\\", "")):
        assert FINDING in text
        assert found.tests in text


def test_a_module_that_nothing_loads_has_no_picture() -> None:
    assert reach(Joined(with_reached(direct=(), indirect=(), test_files=()))) is None
    assert reach(Joined(samples.incident())) is None
