"""Whatever tests do, every innocent test beside them has the outcome of plain pytest, and no test runs for ever."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings

from tests.suite.generated import MadeSuite, MadeTest, complaints, run_made, suites

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
