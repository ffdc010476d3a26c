"""Timed out: the test did not end within its limit and was stopped."""

from kit.failures.rule import Rule, all_of, any_of, exception, kind, message

RULE = Rule(
    rank=20,
    key="timed-out",
    title="Timed out",
    meaning="The test, or something that it waited for, did not end within its limit.",
    advice="Look at the line that it was stopped at: what does it wait for, and who should have answered?",
    documentation="https://docs.python.org/3/library/faulthandler.html",
    example="timed out after 30 s in call",
    matches=any_of(
        kind("timed_out"),
        message(r"^timed out after \d", r"^Timeout \(?>?\d+(?:\.\d+)?s\)? from pytest-timeout"),
        all_of(exception("TimeoutError", "asyncio.exceptions.TimeoutError"), message(r"^$")),
    ),
)
