"""Assertions that show many values after one function was executed: how many causes that makes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.facts.causes import Cause
from kit.facts.execution import ExecutedFunction, Execution, FailingTests
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with

VALUES = (1, 21, 41)
EACH = 2


def causes(passing: int) -> list[Cause]:
    """The causes of tests that found three values, two tests each, after ``total``, which passing tests execute too."""
    failures = [failure_with(f"assert {value} == {value - 1}") for value in VALUES]
    named = [replace(one, id=f"{one.id}{number}") for one in failures for number in range(EACH)]
    results = [result(f"tests/test_{number}.py::test_it", one) for number, one in enumerate(named)]
    fine = [result(f"tests/test_fine.py::test_{number}") for number in range(20)]
    execution = Execution(
        (ExecutedFunction("shop/core.py", 1, "total", passing),),
        len(fine),
        {one.id: FailingTests(1, ((0, 1),)) for one in named},
    )
    return list(causes_of(replace(suite([*results, *fine], named), execution=execution)))


def test_what_only_failing_tests_execute_is_one_cause_whatever_values_they_found() -> None:
    (cause,) = causes(passing=0)

    assert len(cause.tests) == len(VALUES) * EACH


@pytest.mark.parametrize("passing", [0, 4])
def test_no_test_is_lost_and_no_two_causes_have_one_id(passing: int) -> None:
    found = causes(passing)

    assert sum(len(cause.tests) for cause in found) == len(VALUES) * EACH
    assert len({cause.id for cause in found}) == len(found)
