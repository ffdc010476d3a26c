"""Async fixtures and tests that no plugin awaits.

https://docs.pytest.org/en/stable/deprecations.html#sync-test-depending-on-async-fixture
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.fixtures_seen import fixtures_seen
from kit.causes.scene.scene import Scene, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location

KIND: Final = "async-without-plugin"
_TOLD = re.compile(
    r"requested an async fixture '(?P<fixture>[^']+)', with no plugin|^async def functions are not natively supported"
)


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    by_fixture: dict[str | None, list[Group]] = {}
    for group, found in saying(unexplained, _TOLD):
        by_fixture.setdefault(found["fixture"], []).append(group)
    for fixture, groups in by_fixture.items():
        yield _cause(scene, fixture, groups)


def _cause(scene: Scene, fixture: str | None, groups: list[Group]) -> Cause:
    if fixture is None:
        title = "Async tests have no plugin that runs them"
        says = "pytest does not await a test by itself"
        advice = "Install the plugin that the tests are written for (pytest-asyncio, anyio) and mark them for it"
    else:
        title = f'Async fixture "{fixture}" is not awaited'
        says = "No plugin took the fixture: these tests get the coroutine or generator itself, not what it gives"
        advice = "Install the async plugin, and define the fixture with its decorator (pytest_asyncio.fixture) or use "
        advice += "it in tests that the plugin runs"
    strict = scene.declarations.ini.line("asyncio_mode", "strict")
    if strict:
        says = "pytest-asyncio runs here in its strict mode: it takes only what is marked for it"
        advice = "Mark the tests with @pytest.mark.asyncio and the fixtures with @pytest_asyncio.fixture, or set "
        advice += "asyncio_mode = auto"
    return cause_of(
        groups,
        id=f"{KIND}:{fixture}" if fixture else KIND,
        kind=KIND,
        title=title,
        state="consistent",
        locations=[
            *(fixtures_seen(scene, fixture, scene.results(*groups)) if fixture else ()),
            *([strict] if strict else ()),
            *_spots(scene, groups),
        ],
        evidence=[Evidence(says, strict)],
        next_step=then_check(advice, check_command(groups)),
    )


def _spots(scene: Scene, groups: Sequence[Group]) -> Iterator[Location]:
    """As those of the scene; for a test that never ran the line of its ``async def``, not of its first decorator."""
    for place in scene.spots(*groups):
        function = scene.declarations.reading.trees.function_at(place) if place.role == "test" else None
        yield replace(place, line=function.lineno) if function else place


DETECTOR = Detector(rank=92, kind=KIND, find=_find)
