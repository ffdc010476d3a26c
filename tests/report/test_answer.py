"""The first screen says where it broke, what to do, how to check it, and what comes next."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

import pytest

from kit.facts.causes import PATH, Excerpt, NextStep
from kit.facts.fixes import Trial
from kit.report.joined import Joined
from kit.report.markdown import render_markdown
from kit.report.sections.answer import view
from kit.report.status import GLOSSES, Status
from tests.report import samples
from tests.report.test_page import page


@pytest.mark.slow
def test_it_names_the_places_of_the_first_cause_with_their_lines() -> None:
    facts = samples.incident()
    assert facts.causes
    excerpt = Excerpt("backend/app/quotas/models.py", 20, ("a = 1", "b = 2"), (21,))
    facts = replace(facts, causes=(replace(facts.causes[0], excerpts=(excerpt,)), *facts.causes[1:]))

    made = page(facts)

    head = made.text[made.text.index("Where") : made.text.index("Do this")]
    assert f"Where {facts.causes[0].locations[0]}" in head
    assert "21 b = 2 (this line)" in head


def test_the_action_is_the_fixes_that_were_measured() -> None:
    answer = view(Joined(samples.incident()))

    assert answer is not None
    assert answer.action == "Apply 2 fixes, for this cause and 1 other (2 files, 30 lines)"
    assert (
        answer.measured
        == "Measured with every test: 3,649 failing tests pass then, 37 still fail, 0 break, 1 more can be collected."
    )
    assert answer.href == "#modified"
    assert answer.check == "kit verify trading-20261123-0633"


def test_without_trials_it_is_the_next_step_of_the_cause() -> None:
    facts = replace(samples.incident(), fixes=None)
    assert facts.causes

    answer = view(Joined(facts))

    assert answer is not None
    assert answer.action
    assert str(facts.causes[0].next_step).startswith(answer.action.rstrip("."))
    assert (answer.measured, answer.href) == ("", "")
    assert answer.check == "kit run --failed trading-20261123-0633"


def test_what_follows_is_the_first_cause_that_the_fixes_leave() -> None:
    with_fixes, without = samples.incident(), replace(samples.incident(), fixes=None)
    assert with_fixes.causes

    assert view(Joined(without)).following == with_fixes.causes[1]  # type: ignore[union-attr]  # the hidden one
    after = view(Joined(with_fixes)).following  # type: ignore[union-attr]
    assert after is not None
    assert after.kind not in ("duplicate-index", "mapper-collision")


def test_a_case_without_a_cause_has_no_answer() -> None:
    assert view(Joined(samples.clear())) is None
    assert "Do this" not in page(samples.clear()).text


def test_a_fix_that_unlocks_nothing_says_what_it_unmasks() -> None:
    facts = samples.incident()
    assert facts.fixes
    fixes = replace(facts.fixes, trials=facts.fixes.trials[:1], layers=facts.fixes.layers[:1])

    answer = view(Joined(replace(facts, fixes=fixes)))

    assert answer is not None
    assert (
        answer.measured == "Measured with a few tests that stand for the others: "
        "0 failing tests pass then, 3,650 show another cause, 0 break."
    )


def test_a_pass_rate_of_a_few_tests_says_so_wherever_it_stands() -> None:
    facts = samples.incident()
    assert facts.fixes
    few = replace(facts, fixes=replace(facts.fixes, trials=facts.fixes.trials[:2]))

    told = re.findall(r"of the tests pass now, [\d.]+ % with 2 fixes(.*)", render_markdown(few, "now"))

    assert told
    assert set(told) == {", measured with a few tests that stand for the others."}
    assert re.findall(r"of the tests pass now, [\d.]+ % with 2 fixes(.*)", render_markdown(facts, "now")) == [
        "."
    ] * len(told)


def test_what_follows_says_how_many_tests_still_fail() -> None:
    facts = samples.incident()
    answer = view(Joined(facts))

    assert answer
    assert answer.following
    assert answer.following_told == "2 files: "
    with_all = replace(facts.fixes, trials=tuple(_left(one, answer.following.id) for one in facts.fixes.trials))  # type: ignore[union-attr,type-var]
    told = view(Joined(replace(facts, fixes=with_all)))
    assert told
    assert told.following_told == "9 of the 37 tests that still fail: "


def _left(trial: Trial, cause: str) -> Trial:
    return replace(trial, causes_left={cause: 9}) if trial.measured == "full" else trial


def test_a_command_that_runs_the_only_test_of_a_cause_is_its_check() -> None:
    facts = samples.incident()
    assert facts.causes
    step = NextStep("Find what it waits for.", ("kit", "run", PATH, "--", "t.py::one"), "Run it alone")
    one = replace(facts.causes[0], tests=("t.py::one",), next_step=step)
    for cause, check in (
        (one, "kit run /home/dev/src/trading --timeout-s 30 -- t.py::one"),
        (replace(one, tests=("a", "b")), "--failed"),
    ):
        answer = view(Joined(replace(facts, causes=(cause,), fixes=None)))
        assert answer
        assert check in answer.check


@pytest.mark.slow
def test_the_head_says_what_the_status_means() -> None:
    assert "FIX MEASURED in a copy, not applied" in page(samples.incident()).text
    assert set(GLOSSES) == set(get_args(Status))
