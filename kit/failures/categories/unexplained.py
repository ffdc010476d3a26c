"""Unexplained: whatever no other category knows."""

from kit.failures.rule import Rule

RULE = Rule(
    rank=900,
    key="unexplained",
    title="Unexplained",
    meaning="No category knows this failure.",
    advice="Read the example and its traceback; run one of the tests alone.",
    example="startup failed",
    matches=lambda _symptom: True,
)
