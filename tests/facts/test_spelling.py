"""A name that is nearly right is recognized; one that is like no other gets the list."""

from __future__ import annotations

import pytest

from kit.facts.spelling import did_you_mean, distribution_name


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("worker", "; did you mean workers?"),
        ("Wrokers", "; did you mean workers?"),
        ("nope", "; there are openai, workers."),
    ],
)
def test_the_nearest_name_is_offered_where_it_is_near(name: str, told: str) -> None:
    assert did_you_mean(name, ["openai", "workers"]) == told


@pytest.mark.parametrize("spelled", ["zope.interface", "Zope_Interface", "zope--interface", "ZOPE-._INTERFACE"])
def test_all_spellings_of_a_distribution_are_one_name(spelled: str) -> None:
    assert distribution_name(spelled) == "zope-interface"
