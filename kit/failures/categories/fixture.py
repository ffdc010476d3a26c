"""Fixture: one that does not exist, is used wrongly, or fails in a way that no other category knows."""

from kit.failures.rule import Rule, any_of, message
from kit.failures.symptom import Symptom

RULE = Rule(
    rank=340,
    key="fixture",
    title="Fixture missing or failing",
    meaning="A fixture does not exist, is requested where it must not be, or fails while it is set up or torn down.",
    advice="Check its name and the conftest.py that should provide it; a failing one is fixed once for all its tests.",
    documentation="https://docs.pytest.org/en/stable/how-to/fixtures.html",
    example="fixture 'db_session' not found",
    matches=any_of(
        message(
            r"^fixture '[^']+' not found|recursive dependency involving fixture",
            r"^ScopeMismatch: |did not yield a value$|^Fixture \"[^\"]+\" called directly",
            r"fixture function has more than one 'yield'|^Fixture function has more than one",
        ),
        lambda symptom: _while_preparing(symptom),
    ),
)


def _while_preparing(symptom: Symptom) -> bool:
    return symptom.phase in ("setup", "teardown")
