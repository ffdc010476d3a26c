"""The section on fixes: options, the ladder and the patch, each number as it was measured."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.facts.fixes import SPENT, Comparison, FixFacts
from kit.report.incident import build_incident
from kit.report.status import status_of
from tests.report import samples
from tests.report.sample_fixes import FIXES, USER
from tests.report.test_page import Page, page


@pytest.fixture(scope="module")
def made() -> Page:
    return page(samples.incident())


def test_a_case_with_a_measured_fix_says_so() -> None:
    facts = samples.incident()

    assert status_of(facts) == "FIX MEASURED"
    assert status_of(replace(facts, fixes=None)) == "CAUSE FOUND"
    assert status_of(replace(facts, fixes=FixFacts(problems=("none",)))) == "CAUSE FOUND"


@pytest.mark.slow
def test_the_ladder_starts_without_a_fix_and_ends_with_all_of_them(made: Page) -> None:
    rows = made.text[made.text.index("No fix") :]

    assert "3,650 tests then show" in rows
    assert "All together, every test run 3,649 1 0 5,070 5,033 99.3 %" in rows
    assert "The last row ran 5,070 tests." in rows


def test_the_cells_are_printed_with_their_sum(made: Page) -> None:
    assert "3,649 unlocked + 1,383 kept + 1 unmasked + 36 still failing + 0 broken + 0 gone = 5,069" in made.text
    assert "with 1 newly collected these are 5,070" in made.text
    assert "1 test failed once and not again, and does not count as broken" in made.text


def test_an_option_shows_its_numbers_checks_losses_and_patch(made: Page) -> None:
    assert "recommended" in made.text
    assert "What would be lost or change with the recommended option: watchlists email:" in made.text
    assert "email: <one> gives way to another" in made.text
    assert "✗ schema gone: CREATE INDEX a ON b (c)" in made.text
    assert "mappers Multiple classes" not in made.text, "a check that does not apply is not shown"
    assert 'Index("ix_quota_usages_user_id", "user_id"),' in made.text


def test_an_option_without_a_patch_says_why(made: Page) -> None:
    assert "app/x.py is not UTF-8." in made.text


def test_the_sentence_on_the_recommended_option_has_its_numbers(made: Page) -> None:
    assert "it unlocks 0 tests, unmasks 3,650, breaks 0, loses nothing, and changes 1 line in 1 file." in made.text
    assert "By canary: 49 of 5,069 tests were run, one for each kind of failure in a file." in made.text


@pytest.mark.slow
def test_a_fix_that_only_lets_files_show_another_cause_says_so() -> None:
    first = replace(FIXES.trials[0], comparison=Comparison(0, 0), files_unmasked={USER: 1})

    told = page(replace(samples.incident(), fixes=replace(FIXES, trials=(first, *FIXES.trials[1:])))).text

    assert "it unlocks 0 tests, lets files that cannot be collected show another cause, breaks 0, loses" in told


@pytest.mark.slow
@pytest.mark.parametrize(("size", "told"), [(1, True), (2, False)])
def test_where_two_options_do_all_the_same_the_person_is_asked(size: int, told: bool) -> None:
    first = FIXES.options[0]
    other = replace(first, id="other", title="Let the column go without its index", lines_removed=size)
    trial = replace(FIXES.trials[0], options=("other",))
    facts = replace(FIXES, options=(other, *FIXES.options), trials=(trial, *FIXES.trials))

    sentence = "The tests cannot tell it from this: Let the column go without its index. Which one is meant"
    assert (sentence in page(replace(samples.incident(), fixes=facts)).text) is told


@pytest.mark.slow
@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (SPENT, "the budget for trials was spent before one was looked at to the end"),
        ("app/x.py cannot be patched.", "each that was tried changes nothing, or breaks something"),
    ],
)
def test_no_option_is_recommended_where_each_was_bad_or_the_time_was_over(problem: str, told: str) -> None:
    first = FIXES.trials[0]
    closer = replace(first, comparison=None, problem=problem)
    facts = replace(FIXES, trials=(first, closer), layers=(), recommended={}, problems=())

    assert f"No option is recommended: {told}" in page(replace(samples.incident(), fixes=facts)).text


@pytest.mark.slow
def test_what_was_not_measured_is_said_with_its_command(made: Page) -> None:
    assert "The budget for trials was spent" in made.text
    without = page(replace(samples.incident(), fixes=None))
    assert "Solution : No fix was tried. kit investigate" in without.text


@pytest.mark.slow
def test_a_row_of_the_ladder_says_where_every_test_was_run(made: Page) -> None:
    first, second = FIXES.layers
    facts = replace(FIXES, layers=(replace(first, measured="full"), second))

    assert "(every test run)" not in made.text
    text = page(replace(samples.incident(), fixes=facts)).text
    assert f"{first.title} (every test run)" in text
    assert "Other rows of single fixes were measured with a few tests" in text


def test_the_json_has_the_same_numbers_as_the_page() -> None:
    incident = build_incident(samples.incident())

    first, second, third = incident["options"]
    assert (first["recommended"], first["trial"]["unmasked"]) == (True, {"mapper-collision:User": 3650})
    assert second["trial"]["broken"] == ["b.py::was_fine"]
    assert (third["patch"], third["trial"]) == (None, None)
    assert [layer["passed"] for layer in incident["peeling"]] == [1383, 5032]
    assert incident["final"]["passed"] == FIXES.trials[-1].passed
    assert build_incident(replace(samples.incident(), fixes=None))["options"] is None
