"""Missing value: something is None where an object is needed."""

from kit.failures.rule import Rule, all_of, exception, message

RULE = Rule(
    rank=500,
    key="missing-value",
    title="None where a value is needed",
    meaning="Code uses something as an object, a collection, a number or a function, and it is None.",
    advice="Look at what gave the None: a function without a return, a lookup that found nothing, a name that was "
    "never set.",
    documentation="https://docs.python.org/3/library/constants.html#None",
    example="'NoneType' object has no attribute 'balance'",
    matches=all_of(exception("AttributeError", "TypeError"), message(r"'NoneType'|\bNoneType\b")),
)
