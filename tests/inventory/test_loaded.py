"""What a run of the suite shows is held against what source says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kit.facts.inventory import Finding, InventoryFacts, Severity
from kit.facts.outcomes import Outcome
from kit.facts.places import Location
from kit.facts.suite import CollectedTest, SuiteFacts, TestResult
from kit.inventory import judge_by_run

LOADED = {"app.a": "app/a.py", "app.b": "app/b.py", "tests.test_a": "tests/test_a.py"}


def ran(*outcomes: Outcome, problem: str | None = None) -> SuiteFacts:
    """A suite whose tests, all in one file, had these outcomes."""
    ids = [f"tests/test_a.py::test_{number}" for number in range(len(outcomes))]
    results = tuple(TestResult(one, "tests/test_a.py", outcome) for one, outcome in zip(ids, outcomes, strict=True))
    tests = tuple(CollectedTest(one, "tests/test_a.py") for one in ids)
    return SuiteFacts(tests, results, loaded_modules=LOADED, problem=problem)


PASSED = ran("passed", "passed", "skipped")
FAILED = ran("passed", "passed", "failed")


def facts(kind: str, *paths: str, severity: Severity = "blocks_now", **details: Any) -> InventoryFacts:
    locations = tuple(Location(path, 1) for path in paths)
    return InventoryFacts(3, findings=(Finding(f"{kind}:x", kind, severity, "X", locations, ("because",), details),))


#: a finding, what the run came to, and whether that disproves it
HELD = {
    "a file that was imported": (facts("unresolved-import", "app/a.py"), FAILED, True),
    "a file that was not": (facts("unresolved-import", "app/c.py"), FAILED, False),
    "modules that were imported": (facts("module-not-importable", "app/c.py", modules=["app.a"]), FAILED, True),
    "modules of which one was not": (
        facts("module-not-importable", "app/a.py", modules=["app.a", "app.c"]),
        PASSED,
        True,
    ),
    "what breaks later, no test fails": (facts("join-condition", "app/a.py", "app/b.py"), PASSED, True),
    "what breaks later, a test fails": (facts("join-condition", "app/a.py", "app/b.py"), FAILED, False),
    "one of two files was imported": (facts("duplicate-class", "app/a.py", "app/c.py"), PASSED, False),
    "no place": (facts("mapper-configuration"), PASSED, False),
    "not all tests ran": (
        facts("join-condition", "app/a.py"),
        ran("passed", "not_run"),
        False,
    ),
    "the run ended early": (facts("join-condition", "app/a.py"), ran("passed", problem="pytest ended early"), False),
    "no test ran": (facts("join-condition", "app/a.py"), ran(), False),
    "nothing was collected": (facts("unparsable-file", "app/a.py"), replace(PASSED, loaded_modules={}), False),
}


@pytest.mark.parametrize("case", HELD)
def test_a_finding_that_the_run_disproved_is_a_note(case: str) -> None:
    found, suite, is_disproved = HELD[case]
    (judged,) = judge_by_run(found, suite).findings
    assert judged.severity == ("smell" if is_disproved else "blocks_now")
    assert judged.evidence[0] == "because"
    assert [line.partition(":")[0] for line in judged.evidence[1:]] == ["The run disproved it"] * is_disproved


@pytest.mark.parametrize("severity", ["blocks_now", "blocks_when_both_imported"])
def test_another_run_may_show_it_after_all(severity: Severity) -> None:
    found = facts("join-condition", "app/a.py", "app/b.py", severity=severity)
    once = judge_by_run(found, PASSED)
    assert once.findings[0].severity == "smell"
    assert judge_by_run(once, PASSED) == once
    assert judge_by_run(once, FAILED) == found


def test_a_note_stays_a_note() -> None:
    found = facts("import-cycle", "app/a.py", severity="smell")
    assert judge_by_run(found, PASSED) == found
