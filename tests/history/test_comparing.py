"""Two cases are compared by their causes: what is new, known, fixed, back, flaky, or not looked for."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from kit.facts.case import CaseFacts
from kit.facts.causes import Cause
from kit.facts.history import CaseComparison
from kit.history import compare_cases, fingerprints
from kit.history.comparing import Past
from tests.causes.scenes import finding, inventory
from tests.history.moments import case_at

A, B, C = "tests/test_a.py::test_a", "tests/test_b.py::test_b", "tests/test_c.py::test_c"


def changes(found: CaseComparison) -> dict[str, str]:
    """The change of each cause, by the message in its title."""
    return {one.cause.title.rpartition(": ")[2]: one.change for one in found.causes}


def past(*cases: CaseFacts) -> Past:
    bad = {one.nodeid for case in cases if case.suite for one in case.suite.results if one.outcome == "failed"}
    return Past(tuple((case.case, case.causes or ()) for case in cases), frozenset(bad))


def test_causes_are_new_known_and_fixed() -> None:
    found = compare_cases(
        case_at(1, {A: "no apples", B: "no bread", C: None}), case_at(2, {A: None, B: "no bread", C: "no cheese"})
    )

    assert changes(found) == {"no bread": "known", "no cheese": "new", "no apples": "fixed"}
    assert {one.nodeid: one.change for one in found.tests} == {A: "fixed", B: "known", C: "new"}
    assert found.verdict == "WORSE"


def test_it_is_resolved_when_the_causes_are_gone_and_nothing_broke() -> None:
    found = compare_cases(case_at(1, {A: "no apples", B: None}), case_at(2, {A: None, B: None}))

    assert found.sentence == "RESOLVED: 1 cause fixed, no test broken, no cause left"


def test_it_is_partly_resolved_while_another_cause_is_left_and_that_one_is_named() -> None:
    found = compare_cases(case_at(1, {A: "no apples", B: "no bread"}), case_at(2, {A: None, B: "no bread"}))

    assert found.sentence.startswith("PARTLY RESOLVED: 1 cause fixed, 1 known, no test broken; still there: ")
    assert found.sentence.endswith("no bread")


def test_it_is_partly_resolved_while_nobody_can_tell_of_another_cause() -> None:
    found = compare_cases(case_at(1, {A: "no apples", B: "no bread"}), case_at(2, {A: None, B: "<skipped>"}))

    assert found.sentence == "PARTLY RESOLVED: 1 cause fixed, 1 unseen, no test broken"


def test_what_is_back_after_it_was_fixed_regressed() -> None:
    first = case_at(1, {A: "no apples"})
    found = compare_cases(case_at(2, {A: None}), case_at(3, {A: "no apples"}), past(first))

    (cause,) = found.causes
    assert (cause.change, cause.since and cause.since.id) == ("regressed", "at-1")
    assert found.tests[0].change == "regressed"


def named(hour: int, *causes: str) -> CaseFacts:
    """A case with causes of these ids."""
    found = tuple(Cause(one, one.partition(":")[0], one, "consistent", ()) for one in causes)
    return replace(case_at(hour, {A: None}, inventory=inventory()), causes=found)


def test_a_new_cause_is_not_taken_for_another_of_the_same_last_name() -> None:
    one, other = "missing-attribute:app.users.models", "missing-attribute:app.orders.models"
    found = compare_cases(named(2, one), named(3, one, other), past(named(1, one)))

    assert {change.cause.id: (change.change, change.since) for change in found.causes if change.cause.id == other} == {
        other: ("new", None)
    }
    assert [change.since and change.since.id for change in found.causes if change.cause.id == one] == ["at-1"]


@pytest.mark.parametrize(("before", "broken"), [("<not_run>", 0), ("<skipped>", 0), (None, 1), ("<xpassed>", 1)])
def test_only_what_was_fine_before_is_broken(before: str | None, broken: int) -> None:
    found = compare_cases(case_at(1, {A: before, B: None}), case_at(2, {A: "no apples", B: None}))

    assert len(found.broken) == broken


def test_lines_that_move_make_no_other_cause() -> None:
    before, after = case_at(1, {A: "no apples"}, line=7), case_at(2, {A: "no apples"}, line=70)

    assert changes(compare_cases(before, after)) == {"no apples": "known"}
    assert [*fingerprints(before.causes or ()).values()] == [*fingerprints(after.causes or ()).values()]


def test_a_module_that_moves_makes_no_other_cause() -> None:
    before = case_at(1, {A: "'apples'"}, path="shop/prices.py")
    after = case_at(2, {A: "'apples'"}, path="shop/core/prices.py")

    assert [one.change for one in compare_cases(before, after).causes] == ["known"]


def test_what_did_not_run_is_not_fixed() -> None:
    before = case_at(1, {A: "no apples", B: "no bread", C: None})
    found = compare_cases(before, case_at(2, {A: "<not_run>", C: None}))

    assert {one.cause.title.rpartition(": ")[2]: one.why for one in found.causes} == {
        "no apples": "its tests were skipped or not run",
        "no bread": "its tests are not collected any more",
    }
    assert {one.change for one in found.causes} == {"unseen"}
    assert found.verdict == "UNKNOWN"


def test_a_test_that_is_skipped_now_fixes_nothing() -> None:
    found = compare_cases(case_at(1, {A: "no apples", C: None}), case_at(2, {A: "<skipped>", C: None}))

    assert [one.change for one in found.causes] == ["unseen"]
    assert [one.change for one in found.tests] == ["unseen"]
    assert found.verdict == "UNKNOWN"


def test_a_cause_that_another_one_hides_is_not_fixed() -> None:
    found = compare_cases(case_at(1, {A: "no apples", C: None}), case_at(2, {A: "no database", C: None}))

    assert changes(found) == {"no database": "new", "no apples": "unseen"}
    assert "its tests stop at another cause: LookupError: no database" in {one.why for one in found.causes}


def test_a_suite_that_did_not_start_says_nothing() -> None:
    found = compare_cases(case_at(1, {A: "no apples"}), case_at(2, {}))

    assert (found.verdict, found.started) == ("UNKNOWN", False)


def test_what_differs_at_one_revision_is_flaky() -> None:
    found = compare_cases(
        case_at(1, {A: "no apples", B: None}, revision="1234"), case_at(2, {A: None, B: "no bread"}, revision="1234")
    )

    assert set(changes(found).values()) == {"flaky"}
    assert {one.change for one in found.tests} == {"flaky"}


def test_what_differs_at_another_revision_is_not() -> None:
    found = compare_cases(case_at(1, {A: "no apples"}, revision="1234"), case_at(2, {A: None}, revision="5678"))

    assert changes(found) == {"no apples": "fixed"}


def test_a_cause_of_the_source_is_gone_only_when_the_source_was_read() -> None:
    broken = inventory(findings=[finding("unparsable-file", "shop/prices.py", "shop/prices.py:3")])
    before = case_at(1, None, inventory=broken)

    assert [one.change for one in compare_cases(before, case_at(2, None, inventory=inventory())).causes] == ["fixed"]
    assert [one.change for one in compare_cases(before, case_at(2, None)).causes] == ["unseen"]


def test_slower_tests_are_told_and_small_differences_are_not() -> None:
    before = case_at(1, {A: None, B: None}, seconds=0.4)
    after = case_at(2, {A: None, B: None}, seconds=0.4)
    assert after.suite
    slow = replace(after.suite.results[0], seconds=1.2)
    after = replace(after, suite=replace(after.suite, results=(slow, after.suite.results[1])))

    assert [(one.nodeid, one.before, one.after) for one in compare_cases(before, after).slower] == [(A, 0.4, 1.2)]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_thirty_cases_with_faults_planted_and_fixed_are_all_right(seed: int) -> None:
    draw = random.Random(seed)
    tests = [f"tests/test_{number}.py::test_it" for number in range(12)]
    words = "apples", "bread", "cheese", "dates", "eggs", "figs", "grapes", "ham", "ice", "jam", "kale", "leeks"
    messages = [f"no {word}" for word in words]
    there: set[int] = set()
    ever: set[int] = set()
    cases: list[CaseFacts] = []
    for hour in range(1, 31):
        before = set(there)
        there ^= set(draw.sample(range(12), draw.randrange(4)))
        line = 1 + draw.randrange(200)
        tests_now = {test: messages[number] if number in there else None for number, test in enumerate(tests)}
        case = case_at(hour % 24, tests_now, line=line)
        if cases:
            expected = {messages[number]: "known" for number in there & before}
            expected |= {messages[number]: "fixed" for number in before - there}
            expected |= {messages[number]: "regressed" if number in ever else "new" for number in there - before}
            assert changes(compare_cases(cases[-1], case, past(*cases[:-1]))) == expected
        ever |= there
        cases.append(case)
