"""The sections about what the fixes change, how to check them, what to do next, and what to learn."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files

import pytest

from kit.facts.fixes import FixFacts
from kit.report.incident import build_incident
from kit.report.joined import Joined
from kit.report.markdown import render_markdown
from kit.report.page import render
from kit.report.sections import impact, lessons, modified, notes, steps, verification
from kit.report.sections.missing import Missing
from tests.report import samples
from tests.report.sample_fixes import FIXES


def test_verification_has_runnable_commands_with_the_numbers_before_and_after() -> None:
    made = verification.view(Joined(samples.incident()))

    assert isinstance(made, verification.Verification)
    assert [step.command for step in made.steps] == [
        "kit run /home/dev/src/trading --timeout-s 30 --workers 2",
        "kit apply trading-20261123-0633",
        "kit run /home/dev/src/trading --timeout-s 30 --workers 2",
        "kit verify trading-20261123-0633",
    ]
    assert made.steps[0].shown == "5,069 collected, 1,139 passed, 3,914 failing, 2 files not collected"
    assert made.steps[2].shown == "5,070 collected, 5,033 passed, 0 broken"


def test_without_a_trial_the_numbers_are_those_of_the_canaries_and_say_so() -> None:
    facts = replace(samples.incident(), fixes=replace(FIXES, trials=FIXES.trials[:2]))
    made = verification.view(Joined(facts))

    assert isinstance(made, verification.Verification)
    assert made.steps[2].shown == "5,069 collected, 5,032 passed, 0 broken"
    assert "a few tests" in made.measured


def test_the_next_steps_begin_with_the_fixes_and_leave_out_the_causes_that_they_remove() -> None:
    facts = samples.incident()
    assert facts.causes
    made = steps.view(Joined(facts))

    assert not isinstance(made, Missing)
    now, soon, later = made
    assert [step.command for step in now.steps] == [
        "kit apply trading-20261123-0633",
        "kit verify trading-20261123-0633",
    ]
    assert [step.what for step in soon.steps][:2] == [cause.next_step.text.rstrip(".") for cause in facts.causes[2:4]]
    assert "PaperTrade, Subscription" in later.steps[0].what


def test_the_last_step_installs_the_guard_that_the_lessons_hold() -> None:
    joined = Joined(samples.incident())
    made, learned = steps.view(joined), lessons.view(joined)

    assert not isinstance(made, Missing)
    assert not isinstance(learned, Missing)
    last = made[-1].steps[-1]
    assert (last.command, last.href) == ("pre-commit install", "#lessons")
    assert any(one.file in last.what for one in learned.guards)


def test_where_a_scan_finds_nothing_to_guard_against_no_step_asks_for_a_guard() -> None:
    facts = samples.incident()
    assert facts.inventory
    smells = tuple(replace(one, severity="smell") for one in facts.inventory.findings)
    made = steps.view(Joined(replace(facts, inventory=replace(facts.inventory, findings=smells))))

    assert not isinstance(made, Missing)
    assert "pre-commit install" not in [step.command for horizon in made for step in horizon.steps]


def test_without_fixes_the_first_cause_comes_first() -> None:
    facts = replace(samples.incident(), fixes=None)
    assert facts.causes
    made = steps.view(Joined(facts))

    assert not isinstance(made, Missing)
    assert [step.what for step in made[0].steps] == [facts.causes[0].next_step.text.rstrip(".")]


def test_a_case_in_which_no_fix_helps_has_no_files_that_are_modified() -> None:
    facts = replace(samples.incident(), fixes=FixFacts(FIXES.options))

    for section in (modified, impact):
        made = section.view(Joined(facts))
        assert isinstance(made, Missing)
        assert made.why.startswith("No fix was kept")


def test_an_option_that_was_not_chosen_is_an_alternative_with_its_reason() -> None:
    made = notes.view(Joined(samples.incident()))

    assert isinstance(made, notes.TechnicalNotes)
    assert [(one.option.kind, one.result) for one in made.alternatives] == [("rename", "app/x.py is not UTF-8")]
    found = {
        (one.fix[0], about): told for one in made.safety for about, told in zip(made.about, one.found, strict=True)
    }
    assert found["1", "import paths"] == "no change found"
    assert found["1", "database schema"] == "changes: gone: CREATE INDEX a ON b (c)"


def test_the_lessons_are_those_of_the_causes_each_once() -> None:
    made = lessons.view(Joined(samples.incident()))

    assert isinstance(made, lessons.Lessons)
    assert [one.kind for one in made.patterns] == [
        "duplicate-index",
        "mapper-collision",
        "response-annotation",
        "naive-datetime",
        "hanging-test",
    ]
    assert isinstance(lessons.view(Joined(samples.clear())), Missing)


def test_no_table_takes_the_size_of_the_line_below_the_title() -> None:
    room = files("kit.report")
    rules = room.joinpath("assets/report.css").read_text(encoding="utf-8")
    templates = [one.read_text(encoding="utf-8") for one in room.joinpath("templates/sections").iterdir()]
    tables = set(re.findall(r'<table class="(\w+)">', "".join(templates)))

    assert {"metrics", "unlocked"} <= tables
    assert not [name for name in tables if f"\n.{name} {{" in rules]


@pytest.mark.slow
def test_a_cause_names_its_owners_in_each_form_of_the_report() -> None:
    facts = samples.incident()
    assert facts.causes
    first, *others = facts.causes
    owned = replace(facts, causes=(replace(first, owners=("@shop/models", "ada@example.org")), *others))

    assert '<dd>@shop/models, ada@example.org <span class="muted">by CODEOWNERS</span></dd>' in render(owned, "now")
    assert [one["owners"] for one in build_incident(owned)["causes"]][:2] == [["@shop/models", "ada@example.org"], []]
    assert "Concerns: `@shop/models`, `ada@example.org`" in render_markdown(owned, "now")
    assert "CODEOWNERS" not in render(facts, "now")
    assert "Concerns" not in render_markdown(facts, "now")
