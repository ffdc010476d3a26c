"""Wrong call: arguments that do not fit the definition."""

from kit.failures.rule import Rule, all_of, exception, message

RULE = Rule(
    rank=530,
    key="wrong-call",
    title="Call that does not fit the definition",
    meaning="A function or class is called with arguments that it does not take, or without some that it needs.",
    advice="Compare the call with the definition and with what overrides or replaces it: one of the two has changed.",
    documentation="https://docs.python.org/3/reference/expressions.html#calls",
    example="Ledger.post() got an unexpected keyword argument 'amount'",
    matches=all_of(
        exception("TypeError"),
        message(
            r"\(\) got (?:an unexpected keyword argument|multiple values for|some positional-only)",
            r"\(\) missing \d+ required ",
            r"\(\) takes (?:no|exactly|at (?:most|least)|from|\d+) ",
        ),
    ),
)
