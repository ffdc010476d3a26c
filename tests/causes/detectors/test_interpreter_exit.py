"""A test that ends its interpreter."""

from __future__ import annotations

import pytest

from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with


@pytest.mark.parametrize("reason", ["exited with 3", "crashed: SIGSEGV"])
def test_the_reason_is_told(reason: str) -> None:
    (cause,) = causes_of(suite([result("tests/test_a.py::test_a", outcome="crashed", reason=reason)]))
    assert cause.kind == "interpreter-exit"
    assert cause.title == f"tests/test_a.py::test_a ends the interpreter ({reason})"


def test_ends_of_two_kinds_are_two_causes() -> None:
    reasons = ("exited with 3", "crashed: SIGSEGV")
    results = [result(f"tests/test_{n}.py::test_a", outcome="crashed", reason=one) for n, one in enumerate(reasons)]
    assert len(causes_of(suite(results))) == 2


def test_an_exit_that_a_test_raises_and_survives_is_another_matter() -> None:
    failure = failure_with("exited", "RuntimeError")
    (cause,) = causes_of(suite([result("tests/test_a.py::test_a", failure)], [failure]))
    assert cause.kind != "interpreter-exit"
