"""Whatever tests do, every innocent test beside them has the outcome of plain pytest, and no test runs for ever."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings

from kit.facts.suite import CollectedTest, SuiteFacts, TestResult
from tests.suite.generated import MadeSuite, MadeTest, Started, complaints, run_made, suites

pytestmark = pytest.mark.slow

FINE = MadeTest("pass", is_innocent=True)
WORST = ("kills_two_ancestors", "removes_the_temporary_folder", "replaces_descriptors", "writes_into_sockets")


def mixed(*kinds: str) -> tuple[MadeTest, ...]:
    return (FINE, *(test for kind in kinds for test in (MadeTest(kind, is_innocent=False), FINE)))


@settings(max_examples=3, derandomize=True, deadline=None, suppress_health_check=[*HealthCheck], database=None)
@given(suites())
@example(MadeSuite((mixed(*WORST), mixed("exits", "wipes_the_board")), "fork", 2, has_odd_names=True))
@example(MadeSuite((mixed("replaces_descriptors", "removes_the_temporary_folder"),), "process", 2, has_odd_names=True))
def test_innocent_tests_do_not_suffer(made: MadeSuite) -> None:
    mark = f"6{random.randrange(10**6)}.5"
    with tempfile.TemporaryDirectory() as folder:
        facts, starts, expected = run_made(made, Path(folder), mark)
        assert complaints(made, facts, starts, expected, mark) == []


def test_a_copy_of_plain_pytest_that_a_test_has_forked_starts_the_tests_after_it_too() -> None:
    made = MadeSuite((mixed("forks_and_forgets"),), "process", 1, has_odd_names=False)
    names = ["test_0_0_innocent", "test_0_1_forks_and_forgets", "test_0_2_innocent"]
    facts = SuiteFacts(
        tests=tuple(CollectedTest(f"test_0.py::{name}", "test_0.py") for name in names),
        results=tuple(TestResult(f"test_0.py::{name}", "test_0.py", "passed") for name in names),
    )

    def wrong(*noted: int) -> list[str]:
        starts = Started(Counter(dict(zip(names, noted, strict=True))), Counter(names))
        return complaints(made, facts, starts, {}, "no mark")

    assert wrong(2, 2, 3) == []
    assert wrong(2, 3, 3) == [f"the events do not tell of these starts: {{'{names[1]}': 1}}"]
