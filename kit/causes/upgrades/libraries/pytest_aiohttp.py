"""What releases of pytest-aiohttp broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="pytest-aiohttp-loop",
        library="pytest-aiohttp",
        last_good="1.0.5",
        first_bad="1.1.0",
        kind="name-gone",
        error=r"[Ff]ixture 'loop' not found",
        cause="the fixture `loop` is gone",
        before="def test_quote(loop):",
        after="async def test_quote():",
        both=True,
        source="https://github.com/aio-libs/pytest-aiohttp/commit/8887bfa4369a7c48c11dca1bf5c6643b29e609b4",
        modules=(
            "aiohttp",
            "pytest_aiohttp",
            "asyncio",
            "pytest",
        ),
    ),
)
