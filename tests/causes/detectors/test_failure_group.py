"""What no other detector explains."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.failures import group_failures
from kit.inventory import Declarations
from kit.target import find_target
from tests.causes.apps import PYPROJECT
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with, in_test, own
from tests.helpers import write_project


def test_each_group_that_is_left_is_a_cause_with_its_place_and_no_claim() -> None:
    one = failure_with("price is negative", "ValueError", frames=(own("shop/prices.py", 9, "check"),))
    other = failure_with("no such customer here", "LookupError", frames=(in_test("tests/test_b.py", 4, "test_b"),))
    results = [result("tests/test_a.py::test_a", one), result("tests/test_b.py::test_b", other)]
    causes = causes_of(suite(results, [one, other]))
    assert [(cause.kind, cause.state, str(cause.locations[0])) for cause in causes] == [
        ("failure-group", "unknown", "shop/prices.py:9"),
        ("failure-group", "unknown", "tests/test_b.py:4"),
    ]
    assert causes[0].title == "ValueError: price is negative"


@pytest.mark.parametrize(
    ("said", "kind", "told"),
    [
        ("'Registry' has no attribute 'classes'", "AttributeError", "A fixture of these tests fails at shop/db.py:12"),
        ("fixture 'orders' not found", "FixtureLookupError", "Check its name and the conftest.py"),
    ],
)
def test_a_fixture_that_fails_is_no_fixture_that_is_missing(said: str, kind: str, told: str) -> None:
    failure = failure_with(said, kind, phase="setup", frames=(own("shop/db.py", 12, "create"),))

    causes = causes_of(suite([result("tests/test_a.py::test_a", failure)], [failure]))

    left = [cause.next_step.text for cause in causes if cause.kind == "failure-group" and cause.next_step]
    assert all(text.startswith(told) for text in left)
    assert left or kind == "FixtureLookupError"


def test_a_syntax_error_is_placed_where_the_file_breaks_off() -> None:
    failure = failure_with("invalid syntax (test_x.py, line 7)", "SyntaxError", phase="collect")
    (cause,) = causes_of(suite([], test_x=failure))
    assert [str(place) for place in cause.locations] == ["tests/test_x.py:7"]


@pytest.mark.parametrize(
    "message",
    [
        "In tests/test_x.py::TestTerms::test_due: function uses no argument 'day'",
        'tests/test_x.py::test_due: in "parametrize" the number of names (2) must be equal to the number of values (1)',
    ],
)
def test_a_test_that_is_refused_while_its_file_is_collected_has_its_line(tmp_path: Path, message: str) -> None:
    test = "def test_other():\n    pass\n\n\ndef test_due(day):\n    pass\n"
    target = find_target(write_project(tmp_path / "a", {"pyproject.toml": PYPROJECT, "tests/test_x.py": test}))
    facts = suite([], test_x=failure_with(message, "_pytest.outcomes.Failed", phase="collect"))
    (cause,) = find_causes(None, facts, group_failures(facts), source=lambda: Declarations.of(target))
    assert [str(place) for place in cause.locations] == ["tests/test_x.py:5"]


def test_what_another_detector_explains_is_not_told_again() -> None:
    failure = failure_with("No module named 'redis'", "ModuleNotFoundError")
    (cause,) = causes_of(suite([result("tests/test_a.py::test_a", failure)], [failure]))
    assert cause.kind == "missing-package"
