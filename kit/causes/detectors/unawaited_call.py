"""A coroutine that the target makes and never awaits: Python warns where, and the tests that ran then fail.

https://docs.python.org/3/library/asyncio-dev.html#detect-never-awaited-coroutines
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.exercise import function_of
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.outcomes import BAD
from kit.facts.places import Location
from kit.facts.suite import TestWarning

KIND: Final = "unawaited-call"
_NEVER = re.compile(r"^coroutine '(?P<name>[\w.<>]+)' was never awaited")
#: an error about the coroutine itself names it
_COROUTINE = "coroutine"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[tuple[str, Location], list[Group]] = {}
    for warning in scene.suite.warnings:
        never = _NEVER.search(warning.message)
        if never and warning.path and _is_of_a_failure(scene, warning, never["name"]):
            place = Location(warning.path, warning.line or 1, "never awaited")
            groups = [one for one in unexplained if warning.nodeid in one.tests and not _broken_off(scene, one, place)]
            met.setdefault((never["name"], place), []).extend(groups)
    taken: set[str] = set()
    for (name, place), groups in met.items():
        left = [group for group in groups if group.id not in taken]
        taken |= {group.id for group in left}
        if left:
            yield _cause(scene, name, place, left)


def _is_of_a_failure(scene: Scene, warning: TestWarning, name: str) -> bool:
    """Whether a test that failed made the coroutine, in other code than its own."""
    result = scene.result(warning.nodeid or "")
    failed = result is not None and result.outcome in BAD
    own = result is not None and name.rpartition(".")[2] != function_of(result)
    is_library = warning.path is None or PurePath(warning.path).is_absolute()
    return failed and own and not is_library and warning.path not in scene.tests_by_path


def _broken_off(scene: Scene, group: Group, place: Location) -> bool:
    """Whether another error stopped the line before it could await: ``await wait(load(), settings.limit)``."""
    roots = scene.roots(group)
    through = [any((one.path, one.line) == (place.path, place.line) for one in root.frames) for root in roots]
    return any(through) and not any(_COROUTINE in root.message for root in roots)


def _cause(scene: Scene, name: str, place: Location, groups: list[Group]) -> Cause:
    return cause_of(
        groups,
        id=f"{KIND}:{place}",
        kind=KIND,
        title=f"{place} calls {name} and does not await it",
        state="consistent",
        locations=(place, *scene.spots(*groups)),
        evidence=[
            Evidence(f"While a test of these ran, Python warned here: coroutine '{name}' was never awaited", place)
        ],
        next_step=then_check("Put await in front of the call", check_command(groups)),
    )


DETECTOR = Detector(rank=48, kind=KIND, find=_find)
