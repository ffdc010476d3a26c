"""Assertion on a list, a dictionary, a set, a length or a membership."""

from kit.failures.assertions import kind_of, read_comparison
from kit.failures.rule import Rule, all_of, any_of, exception, message
from kit.failures.symptom import Symptom


def _compares_collection(symptom: Symptom) -> bool:
    comparison = read_comparison(symptom.message)
    if comparison is None:
        return False
    return comparison.accessor == "len" or "collection" in (kind_of(comparison.left), kind_of(comparison.right))


RULE = Rule(
    rank=430,
    key="assertion-collection",
    title="Assertion: collection",
    meaning="A list, dictionary or set holds other members than the test expects.",
    advice="Look at what is missing and what is extra.",
    documentation="https://docs.pytest.org/en/stable/how-to/assert.html",
    example="assert [1, 2] == [1, 3]",
    matches=all_of(
        exception("AssertionError"),
        any_of(
            _compares_collection,
            message(
                r"^(?:Lists|Tuples|Sequences|Dictionaries) differ:|found in [\[{(]|^Element counts were not equal",
                r"^Items in the ",
            ),
        ),
    ),
)
