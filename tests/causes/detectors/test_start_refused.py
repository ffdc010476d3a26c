"""pytest does not start with the target's own configuration: that comes first, and the advice fits the reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kit.facts.starting import StartRefusal
from tests.causes.scenes import causes_of, result, suite

UNKNOWN = StartRefusal("unrecognized arguments: --cov", 4, "unknown-option", ("--cov",), "pytest.ini", 2)


def test_a_suite_that_starts_has_no_such_cause() -> None:
    assert not causes_of(suite([result("tests/test_a.py::test_a")]))


def test_the_refusal_is_the_first_cause_although_the_tests_pass_without_the_option() -> None:
    facts = replace(suite([result("tests/test_a.py::test_a")]), start_refusal=UNKNOWN, neutralised=("--cov: left out",))

    (cause,) = causes_of(facts)

    assert (cause.id, cause.state, cause.tests_blocked) == ("start-refused:unknown-option:--cov", "confirmed", 0)
    assert cause.title == "pytest refuses to start: unrecognized arguments: --cov"
    assert [str(place) for place in cause.locations] == ["pytest.ini:2"]
    said = " ".join(item.text for item in cause.evidence)
    assert "exits with 4" in said
    assert "1 test ran all the same" in said


@pytest.mark.parametrize(
    ("changes", "advice"),
    [
        ({}, "Install pytest-cov, which brings --cov"),
        ({"named": ("--made-up",)}, "no installed plugin knows it"),
        ({"kind": "bad-value", "named": ("--maxfail",)}, "Give --maxfail a value that it takes (pytest.ini:2)"),
        ({"kind": "plugin", "named": ("shop.nope",)}, "take -p shop.nope out (pytest.ini:2)"),
        ({"kind": "own-code", "named": ("NameError: x",)}, "Correct pytest.ini:2: pytest imports it as it starts"),
        ({"kind": "expression", "named": ("-k",)}, "Correct the expression after -k"),
        ({"kind": "warning-filter", "named": ("errorr",)}, "action:message:category:module:line"),
        ({"kind": "setting", "named": ("required_plugins",)}, "Install the plugins that required_plugins names"),
    ],
)
def test_the_advice_fits_the_reason(changes: dict[str, Any], advice: str) -> None:
    facts = replace(suite([]), start_refusal=replace(UNKNOWN, **changes), problem="pytest did not start.")

    (cause,) = causes_of(facts)

    assert advice in str(cause.next_step)
    assert str(cause.next_step).endswith("python -m pytest --collect-only")


def test_an_option_of_the_environment_has_no_line() -> None:
    elsewhere = replace(UNKNOWN, path="PYTEST_ADDOPTS", line=None)

    (cause,) = causes_of(replace(suite([]), start_refusal=elsewhere, problem="pytest did not start."))

    assert cause.locations == ()
    assert "It is set in PYTEST_ADDOPTS" in [item.text for item in cause.evidence]
