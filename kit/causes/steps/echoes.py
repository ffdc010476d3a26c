"""Echoes: a module that failed half-way through its import is imported again, and stumbles over its own first half.

The class above the broken line was mapped at the first import, so the second one says that its table is already
defined. That failure belongs to the cause of the first, and no detector has to explain it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location

#: what is said of something that the first import left behind
_ALREADY = re.compile(
    r"\balready\b|\b[Dd]uplicat|\boverwriting an existing\b|^Multiple classes found for path|\bre-?regist|\bredefin"
    r"|\bexists\b|\bconflict|\btwice\b|\bmore than once\b|\bin use\b|\bcan no longer be called\b"
)


@dataclass(frozen=True)
class Echo:
    """The group shows that ``first`` was imported half-way before: the group ``origin`` broke off there, further on."""

    group: Group
    origin: Group
    first: Location
    second: Location


def find_echoes(groups: Sequence[Group], scene: Scene) -> tuple[Echo, ...]:
    """The groups that only repeat what another group left behind."""
    suspects = [group for group in groups if _ALREADY.search(group.signature.message)]
    if not suspects:
        return ()
    broken: dict[str, list[tuple[int, Group]]] = {}
    for group in groups:
        if group not in suspects:
            for path, line in _importing(scene, group):
                broken.setdefault(path, []).append((line, group))
    return tuple(echo for group in suspects for echo in _echo(scene, group, broken))


def _echo(scene: Scene, group: Group, broken: Mapping[str, Sequence[tuple[int, Group]]]) -> Iterator[Echo]:
    for path, line in list(_importing(scene, group))[-1:]:
        further = [(at, origin) for at, origin in broken.get(path, ()) if at > line]
        if further:
            at, origin = max(further, key=lambda found: (found[1].count + len(found[1].files), -found[0], found[1].id))
            yield Echo(group, origin, Location(path, at), Location(path, line))


def _importing(scene: Scene, group: Group) -> Iterable[tuple[str, int]]:
    """The lines of the target's modules that were being imported when a group failed, the outmost first."""
    frames = (frame for info in scene.chains(group) for frame in info.frames)
    return dict.fromkeys((one.path, one.line) for one in frames if one.function == "<module>" and one.owner == "own")


def attach(causes: Sequence[Cause], echoes: Sequence[Echo]) -> list[Cause]:
    """The causes with the echoes of their groups."""
    by_origin: dict[str, list[Echo]] = {}
    for echo in echoes:
        by_origin.setdefault(echo.origin.id, []).append(echo)
    return [_with(cause, [echo for group in cause.groups for echo in by_origin.get(group, ())]) for cause in causes]


def _with(cause: Cause, echoes: Sequence[Echo]) -> Cause:
    if not echoes:
        return cause
    told = [
        Evidence(
            f"Its import broke off at {echo.first}; the next one breaks off at {echo.second}, since the first "
            f"one came that far: {' '.join(echo.group.signature.message.split())[:100]}",
            echo.second,
            f"#group-{echo.group.id}",
        )
        for echo in echoes
    ]
    return replace(
        cause,
        tests=(*cause.tests, *(test for echo in echoes for test in echo.group.tests)),
        uncollectable=(*cause.uncollectable, *(path for echo in echoes for path in echo.group.files)),
        groups=(*cause.groups, *(echo.group.id for echo in echoes)),
        evidence=(*cause.evidence, *told),
    )
