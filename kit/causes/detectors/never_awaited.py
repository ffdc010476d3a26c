"""Async tests that nothing awaits: they count as passed, or are skipped, and not one line of them ran.

https://docs.python.org/3/library/unittest.html#unittest.IsolatedAsyncioTestCase
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import each_line_once, then_check
from kit.causes.detector import Detector
from kit.causes.scene.exercise import function_of
from kit.causes.scene.scene import Scene
from kit.facts.causes import PATH, Cause, Evidence
from kit.facts.failures import Group
from kit.facts.outcomes import BAD
from kit.facts.places import Location
from kit.facts.suite import TestResult
from kit.facts.wording import counted

KIND: Final = "never-awaited"
_NEVER = re.compile(r"^coroutine '(?:.*\.)?(?P<name>\w+)' was never awaited")
_SKIPPED = re.compile(r"^async def function and no async plugin installed")


def _find(scene: Scene, _unexplained: Sequence[Group]) -> Iterator[Cause]:
    told = set(_told(scene))
    idle = [result.nodeid for result in scene.suite.results if result.nodeid in told and result.outcome not in BAD]
    in_class = [nodeid for nodeid in idle if nodeid.count("::") > 1]
    plain = [nodeid for nodeid in idle if nodeid.count("::") == 1]
    for nodeids, advice in ((in_class, _CLASS), (plain, _PLUGIN)):
        if nodeids:
            yield _cause(scene, nodeids, advice)


_CLASS = (
    "Let the class inherit from unittest.IsolatedAsyncioTestCase, or run it with an async plugin that takes classes"
)
_PLUGIN = "Install the plugin that the tests are written for (pytest-asyncio, anyio), and mark the tests for it"


def _told(scene: Scene) -> Iterator[str]:
    """The tests of which a warning, or the reason of a skip, says that they were not awaited. A coroutine of another
    name is one that the app forgot.
    """
    for warning in scene.suite.warnings:
        result, never = scene.result(warning.nodeid or ""), _NEVER.search(warning.message)
        if result and never and never["name"] == function_of(result):
            yield result.nodeid
            yield from _alike(scene, result, warning.count)
    for result in scene.suite.results:
        if result.outcome == "skipped" and _SKIPPED.search(result.reason or ""):
            yield result.nodeid


def _alike(scene: Scene, shown: TestResult, count: int) -> Iterator[str]:
    """The other tests that a warning stands for, which is recorded once for all tests that inherit one method."""
    alike = [one.nodeid for one in scene.passed_in.get(shown.path, ()) if function_of(one) == function_of(shown)]
    if len(alike) <= count:
        yield from alike


def _cause(scene: Scene, nodeids: Sequence[str], advice: str) -> Cause:
    results = [result for nodeid in nodeids if (result := scene.result(nodeid))]
    defined = [
        place
        for result in results
        for place in scene.declarations.function(function_of(result))
        if place.path == result.path
    ]
    outcome = "were skipped" if all(result.outcome == "skipped" for result in results) else "count as passed"
    them = "it" if len(nodeids) == 1 else "them"
    files = [Location(result.path, result.line or 1, "test") for result in results]
    return Cause(
        id=f"{KIND}:{nodeids[0].rpartition('::')[0]}",
        kind=KIND,
        title=f"{counted(len(nodeids), 'async test')} never ran: nothing awaits {them}",
        state="consistent",
        locations=each_line_once([*defined, *files]),
        tests=tuple(nodeids),
        first_hand=len(nodeids),
        evidence=(
            Evidence(f"They {outcome}, but calling an async function only makes a coroutine"),
            *(
                Evidence(f"{result.nodeid} was never awaited", place)
                for result, place in zip(results, files, strict=True)
            ),
        )[:6],
        next_step=then_check(advice, ("kit", "run", PATH, "--", nodeids[0])),
    )


DETECTOR = Detector(rank=120, kind=KIND, find=_find)
