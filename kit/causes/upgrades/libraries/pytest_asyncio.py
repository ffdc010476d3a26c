"""What releases of pytest-asyncio broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="pytest-asyncio-event-loop",
        library="pytest-asyncio",
        last_good="0.26.0",
        first_bad="1.0.0",
        kind="name-gone",
        error=r"[Ff]ixture 'event_loop' not found",
        cause="the fixture `event_loop` is gone",
        before="def test_quote(event_loop):",
        after="async def test_quote():",
        both=True,
        source="https://github.com/pytest-dev/pytest-asyncio/blob/main/docs/reference/changelog.rst",
        modules=(
            "asyncio",
            "pytest",
            "pytest_asyncio",
        ),
    ),
)
