"""Assertion on numbers that should be nearly equal."""

from kit.failures.assertions import kind_of, read_comparison
from kit.failures.rule import Rule, all_of, any_of, exception, message
from kit.failures.symptom import Symptom


def _compares_approx(symptom: Symptom) -> bool:
    comparison = read_comparison(symptom.message)
    return comparison is not None and "approx" in (kind_of(comparison.left), kind_of(comparison.right))


RULE = Rule(
    rank=400,
    key="assertion-approx",
    title="Assertion: nearly equal",
    meaning="Numbers that should be equal within a tolerance are not.",
    advice="Compare the difference with the tolerance: a rounding rule that changed, or another value altogether.",
    documentation="https://docs.pytest.org/en/stable/reference/reference.html#pytest-approx",
    example="assert 0.1 == 0.2 ± 2.0e-07",
    matches=all_of(
        exception("AssertionError"), any_of(_compares_approx, message(r"within \d+ places|Not equal to tolerance"))
    ),
)
