from __future__ import annotations

from dataclasses import replace

from kit.case.summary import summary
from kit.facts.case import Case, CaseFacts, Stage
from kit.facts.causes import Cause
from kit.facts.failures import Grouping
from kit.facts.fixes import Comparison, FixFacts, Layer, Trial
from kit.facts.places import Location
from kit.facts.suite import SuiteFacts
from kit.facts.target import Target

CASE = Case("c", "2026-11-23T06:00:00+00:00", "0.1.0", Target("/t", "t", None, (), ()))
STAGE = Stage("failure_categories", "done", CASE.started, 1.25)


def cause(title: str, tests: int = 0, files: int = 0, waiting: int | None = None) -> Cause:
    named = tuple(f"t.py::{number}" for number in range(tests))
    paths = tuple(f"{number}.py" for number in range(files))
    return Cause(title, "kind", title, "consistent", (), named, uncollectable=paths, waiting=waiting)


def lines(*causes: Cause) -> tuple[str, ...]:
    return summary(CaseFacts(CASE, (STAGE,), grouping=Grouping((), (), {}), causes=causes), "failure_categories")


def test_each_cause_is_told_with_what_it_blocks() -> None:
    told = lines(cause("index", 1234), cause("hidden", waiting=1234), cause("route", files=1), cause("one", 1))

    assert [line.strip() for line in told] == [
        "0 groups · 4 causes · 1.2 s",
        "1,234 tests  index",
        "1,234 wait for  hidden",
        "1 file  route",
        "1 test  one",
    ]


def test_a_cause_is_told_with_the_place_to_look_at_first() -> None:
    placed = replace(cause("index", 2), locations=(Location("app/models.py", 9), Location("app/old.py", 3)))

    assert lines(placed)[-1].strip() == "2 tests  index  (app/models.py:9)"


def test_only_the_first_causes_are_told() -> None:
    assert lines(*(cause(str(number), 1) for number in range(8)))[-1].split() == ["and", "3", "more"]


def test_of_many_causes_it_is_told_how_few_stand_for_most_failures() -> None:
    few = (cause("index", 600), cause("routes", files=355), cause("hidden", waiting=600))
    rest = tuple(cause(str(number), 1) for number in range(45))

    assert lines(*rest, *few)[0] == "0 groups · 48 causes, 2 of which stand for 95 % of the failures · 1.2 s"
    assert lines(*rest)[0] == "0 groups · 45 causes, 43 of which stand for 95 % of the failures · 1.2 s"
    assert lines(*rest[:10])[0] == "0 groups · 10 causes · 1.2 s"


def test_why_a_suite_did_not_run_is_told_behind_its_counts() -> None:
    stage, suite = Stage("test_batches", "done", CASE.started, 1.0), SuiteFacts(problem="pytest refused to start.")

    told = summary(CaseFacts(CASE, (stage,), suite=suite), "test_batches")
    assert told == ("0 tests · 0 passed · 0 failing · 1.0 s", "pytest refused to start.")


def test_a_failed_stage_is_told_with_its_reason() -> None:
    failed = Stage("test_batches", "failed", CASE.started, 1.0, "the notebook's kernel died")

    assert summary(CaseFacts(CASE, (failed,)), "test_batches") == ("failed: the notebook's kernel died",)
    assert summary(CaseFacts(CASE), "test_batches") == ("failed: it never began",)


def test_the_run_of_every_test_says_how_many_pass_with_the_fixes_and_not_the_canaries() -> None:
    layer = Layer("o", "c", "", "canaries", 0, {}, 0, 0, 332, collected=332, passed=332)
    final = Trial(("o",), "NO", "full", Comparison(0, 332, newly_collected={"passed": 330, "failed": 2}), passed=330)
    ended = replace(final, comparison=None, passed=None)
    with_fewer_fixes = replace(final, options=("p",))
    stage = Stage("fix_trials", "done", CASE.started, 1.0)

    told = [
        summary(CaseFacts(CASE, (stage,), fixes=FixFacts((), trials, (layer,))), "fix_trials")[0]
        for trials in ((), (ended,), (with_fewer_fixes,), (final,))
    ]

    assert [line.split(" · ")[2] for line in told] == [
        "with all of them 332 of 332 tests pass",
        "with all of them 332 of 332 tests pass",
        "with all of them 332 of 332 tests pass",
        "with all of them 330 of 332 tests pass",
    ]
