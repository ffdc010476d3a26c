"""Flaky: the test fails now and then."""

from kit.failures.rule import Rule

RULE = Rule(
    rank=5,
    key="flaky",
    title="Flaky",
    meaning="Run again under the same conditions, the test did something else.",
    advice="Look for what differs between two runs: time, order of sets, random values, threads, a service outside.",
    documentation="https://docs.pytest.org/en/stable/explanation/flaky.html",
    example="AssertionError: assert 3 == 4",
    matches=lambda symptom: symptom.alone == "flaky",
)
