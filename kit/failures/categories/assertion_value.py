"""Assertion on a value: every assertion that no other category knows."""

from kit.failures.rule import Rule, exception

RULE = Rule(
    rank=440,
    key="assertion-value",
    title="Assertion: value",
    meaning="A value differs from the one that the test expects.",
    advice="Look at where the value is computed; run one of the tests alone.",
    documentation="https://docs.pytest.org/en/stable/how-to/assert.html",
    example="assert 3 == 4",
    matches=exception("AssertionError", "Failed"),
)
