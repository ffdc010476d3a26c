"""A failure that says what a release broke is named with that release, where such a release is installed."""

from __future__ import annotations

import pytest

from kit.causes import find_causes
from kit.facts.target import Distribution
from kit.facts.upgrades import Environment
from kit.failures import group_failures
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with

REFUSED = "Field.__init__() got an unexpected keyword argument 'missing'"


@pytest.mark.parametrize(("version", "told"), [("4.1.0", True), ("3.26.2", False)])
def test_the_release_has_to_be_installed(version: str, told: bool) -> None:
    failure = failure_with(REFUSED, "TypeError")
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])
    around = Environment((Distribution("marshmallow", version),))

    (cause,) = find_causes(None, facts, group_failures(facts), environment=around)

    assert (cause.id == "upgraded-library:marshmallow-missing") is told
    assert cause.title.startswith("marshmallow 4.0.0 (installed 4.1.0)") is told
