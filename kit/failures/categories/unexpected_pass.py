"""Unexpected pass: a test that is marked as a strict expected failure passed."""

from kit.failures.rule import Rule, message

RULE = Rule(
    rank=40,
    key="unexpected-pass",
    title="Passed against its mark",
    meaning="The test is marked xfail(strict=True) and passed.",
    advice="Take the mark away if what it waited for was fixed.",
    documentation="https://docs.pytest.org/en/stable/how-to/skipping.html#strict-parameter",
    example="[XPASS(strict)] will come",
    matches=message(r"^\[XPASS\(strict\)\]"),
)
