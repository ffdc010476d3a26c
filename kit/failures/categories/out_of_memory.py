"""Out of memory: Python could not allocate, or the limit for the test's process was reached."""

from kit.failures.rule import Rule, any_of, exception, message

RULE = Rule(
    rank=10,
    key="out-of-memory",
    title="Out of memory",
    meaning="The test asked for more memory than it may have.",
    advice="Look at what the test builds or loads; run it alone, then with a higher limit.",
    documentation="https://docs.python.org/3/library/exceptions.html#MemoryError",
    example="memory limit 2 GiB",
    matches=any_of(exception("MemoryError"), message(r"^memory limit\b", r"^crashed: out of memory")),
)
