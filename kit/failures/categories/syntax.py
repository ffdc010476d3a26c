"""Syntax: a file that Python cannot parse."""

from kit.failures.rule import Rule, exception

RULE = Rule(
    rank=200,
    key="syntax",
    title="Syntax",
    meaning="A file is not valid Python for this interpreter.",
    advice="Open the file at the line that the message names; check that it is meant for this version of Python.",
    documentation="https://docs.python.org/3/tutorial/errors.html#syntax-errors",
    example="invalid syntax (test_orders.py, line 1)",
    matches=exception("SyntaxError", "IndentationError", "TabError"),
)
