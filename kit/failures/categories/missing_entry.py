"""Missing entry: a key or an index that is not there."""

from kit.failures.rule import Rule, exception

RULE = Rule(
    rank=520,
    key="missing-entry",
    title="Key or index that is not there",
    meaning="Code takes an entry out of a mapping or a sequence that does not have it.",
    advice="Look at who fills it, and under which name; where an entry may be lacking, ask for it with a default.",
    documentation="https://docs.python.org/3/library/exceptions.html#KeyError",
    example="KeyError: 'quota'",
    matches=exception("KeyError", "IndexError"),
)
