"""Assertion that something is raised or warned about."""

from kit.failures.rule import Rule, message

RULE = Rule(
    rank=410,
    key="assertion-raises",
    title="Assertion: exception expected",
    meaning="The code did not raise, or warn about, what the test expects.",
    advice="Check whether the code still refuses that input, and whether it raises another type now.",
    documentation="https://docs.pytest.org/en/stable/how-to/assert.html#assertions-about-expected-exceptions",
    example="DID NOT RAISE <class 'ValueError'>",
    matches=message(r"^DID NOT (?:RAISE|WARN)\b", r"^\w+ not raised(?: by \w+)?$"),
)
