"""Async: a coroutine that nobody awaits, or an event loop that is not there, closed or another one."""

from kit.failures.rule import Rule, any_of, exception, message

RULE = Rule(
    rank=260,
    key="async",
    title="Async fixture or event loop",
    meaning="A coroutine is used as if it were its result, an async test or fixture has no plugin that runs it, or "
    "objects of "
    "one event loop are used in another.",
    advice="Await it; mark the test for the async plugin in use; give fixtures that hold connections the scope of "
    "their loop.",
    documentation="https://docs.pytest.org/en/stable/deprecations.html#sync-test-depending-on-async-fixture",
    example="Event loop is closed",
    matches=any_of(
        exception("MissingGreenlet"),
        message(
            r"^Event loop is closed|^no running event loop|^There is no current event loop",
            r"(?:attached|belongs) to a different loop",
            r"cannot be called from a running event loop|^This event loop is already running",
            r"is bound to a different event loop",
            r"^async def functions are not natively supported|requested an async fixture ",
            r"'(?:coroutine|async_generator)' object (?:has no attribute|is not|does not support)",
            r"'async_generator_asend'",
            r"can't be used in 'await' expression|^coroutine '.+' was never awaited",
            r"^'async for' requires an object with|object does not support the (?:asynchronous )?context manager",
            r"^greenlet_spawn has not been called",
        ),
    ),
)
