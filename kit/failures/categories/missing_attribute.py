"""Missing attribute: an attribute or a name that does not exist."""

from kit.failures.rule import Rule, all_of, exception, message

RULE = Rule(
    rank=510,
    key="missing-attribute",
    title="Name or attribute that does not exist",
    meaning="Code uses an attribute that the object, class or module does not have, or a name that nothing binds.",
    advice="Compare the name with the definition: one of the two was renamed or misspelt, or the object is of another "
    "class than expected.",
    documentation="https://docs.python.org/3/library/exceptions.html#AttributeError",
    example="'Order' object has no attribute 'totals'",
    matches=all_of(
        exception("AttributeError", "NameError", "UnboundLocalError"),
        message(
            r"has (?:no|an) attribute ['\"]",
            r"^(?:free variable|name|local variable) '",
            r"^cannot access (?:local|free) variable '",
        ),
    ),
)
