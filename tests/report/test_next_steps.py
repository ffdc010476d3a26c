"""The next step is shown with one command that can be typed, wherever it is shown; with a fix, that is kit verify."""

import shlex
from dataclasses import replace

import pytest

from kit import frames
from kit.facts.case import CaseFacts
from kit.facts.causes import CHECK, PATH, NextStep
from kit.report import Joined, build_incident, next_step
from kit.report.sections import answer
from tests.report import samples
from tests.report.test_page import page

STEP = NextStep("Drop one of them.", ("kit", "run", PATH, "--", "t.py::test_a[PATH 1]"))


def _facts(folder: str, *, fixes: bool) -> CaseFacts:
    facts = samples.incident()
    assert facts.causes
    asked = {**facts.case.parameters, "target": folder}
    first = replace(facts.causes[0], next_step=STEP)
    changed = replace(facts, case=replace(facts.case, parameters=asked), causes=(first, *facts.causes[1:]))
    return changed if fixes else replace(changed, fixes=None)


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["/srv/app", "/srv/my app; echo"])
def test_page_json_and_frame_show_the_same_command(folder: str) -> None:
    facts = _facts(folder, fixes=False)
    words = ["kit", "run", folder, "--timeout-s", "30", "--", "t.py::test_a[PATH 1]"]
    assert facts.causes

    (shown, *_) = build_incident(facts)["causes"]
    frame = frames.causes(facts.causes, facts.case)["next step"][0]

    assert shown["next_command"] == words
    assert shown["next_step"] == frame == f"Drop one of them. Then check with: {shlex.join(words)}"
    assert shlex.join(words) in page(facts).text


def test_the_check_of_a_cause_with_a_recommended_fix_is_verify() -> None:
    facts = samples.incident()
    assert facts.causes
    assert facts.fixes
    fixed = {layer.cause for layer in facts.fixes.layers}
    first = next(cause for cause in facts.causes if cause.id in fixed)

    assert next_step(first, facts.case, facts.fixes).argv == ("kit", "verify", facts.case.id)


def test_where_a_fix_is_not_recommended_verify_names_the_cause() -> None:
    facts = samples.incident()
    assert facts.causes
    assert facts.fixes
    fixed = {layer.cause for layer in facts.fixes.layers}
    first = next(cause for cause in facts.causes if cause.id in fixed)

    step = next_step(first, facts.case, replace(facts.fixes, layers=()))

    assert step.argv == ("kit", "verify", facts.case.id, first.id)


def test_check_with_of_the_first_screen_is_the_command_of_the_card_and_of_the_json() -> None:
    facts = samples.incident()
    compared = 0
    for cause in facts.causes or ():
        alone = replace(facts, causes=(replace(cause, hidden_behind=None),))
        (told,) = build_incident(alone)["causes"]
        shown = answer.view(Joined(alone))
        assert shown
        step = next_step(cause, facts.case, facts.fixes)
        if step.argv and step.lead == CHECK:
            compared += 1
            assert shown.check == shlex.join(told["next_command"]) == step.command
    assert compared > 1
