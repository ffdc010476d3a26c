"""Assertion on text."""

from kit.failures.assertions import kind_of, read_comparison
from kit.failures.rule import Rule, all_of, any_of, exception, message
from kit.failures.symptom import Symptom


def _compares_text(symptom: Symptom) -> bool:
    comparison = read_comparison(symptom.message)
    if comparison is None:
        return False
    by_method = comparison.accessor in ("startswith", "endswith", "match", "search", "fullmatch")
    return by_method or kind_of(comparison.left) == "text" == kind_of(comparison.right)


RULE = Rule(
    rank=420,
    key="assertion-text",
    title="Assertion: text",
    meaning="A text differs from the one that the test expects, such as a message that was reworded.",
    advice="Compare the two texts; change the one that is out of date.",
    documentation="https://docs.pytest.org/en/stable/how-to/assert.html",
    example="assert 'hello world' == 'hello there'",
    matches=all_of(
        exception("AssertionError"),
        any_of(
            _compares_text,
            message(r"^Regex pattern did not match", r"^Regex: .* did not match", r"^(['\"]).*\1 != (['\"])"),
        ),
    ),
)
