"""A fixture that nothing provides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with


def _cause(name: str, *known: str) -> object:
    failure = failure_with(f"fixture '{name}' not found", "_pytest.fixtures.FixtureLookupError", phase="setup")
    facts = suite([result("tests/test_a.py::test_a", failure), result("tests/test_a.py::test_b")], [failure])
    asked = (facts.tests[0], replace(facts.tests[1], fixtures=known))
    (cause,) = causes_of(replace(facts, tests=asked))
    return cause


@pytest.mark.parametrize(
    ("name", "known", "advice"),
    [
        ("mocker", (), "Install pytest-mock"),
        ("cleint", ("client",), 'Ask for "client"'),
        ("zebra", ("client",), 'Define "zebra" in a conftest.py'),
    ],
)
def test_the_advice_fits_the_name(name: str, known: tuple[str, ...], advice: str) -> None:
    cause = _cause(name, *known)
    assert cause.title == f'Fixture "{name}" does not exist'  # type: ignore[attr-defined]
    assert advice in str(cause.next_step)  # type: ignore[attr-defined]


def test_a_fixture_that_fails_is_there() -> None:
    failure = failure_with("connection refused", "ConnectionError", phase="setup", fixture="client")
    (cause,) = causes_of(suite([result("tests/test_a.py::test_a", failure)], [failure]))
    assert cause.kind != "fixture-missing"
