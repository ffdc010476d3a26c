"""A feature switch that is off where tests expect it on. Only where the failure itself names the switch."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kit.causes.building import cause_of, run_command
from kit.causes.detector import Detector
from kit.causes.scene import Scene, in_category
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location

KIND = "feature-switch"
_NAMED = re.compile(
    r"""(?i:\b(?:feature|switch|flag)) ['"](?P<told>[\w.-]+)['"]"""
    r"""|where False = .*\.(?P<attribute>feature_\w+|enable_\w+|\w+_enabled)$"""
    r"""|where False = .*\b(?:is_enabled|feature_enabled)\(['"](?P<asked>[\w.-]+)['"]\)$""",
    re.MULTILINE,
)


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    by_name: dict[str, list[Group]] = {}
    for group in in_category(unexplained, "configuration"):
        if found := _NAMED.search(group.example):
            by_name.setdefault(next(filter(None, found.groups())), []).append(group)
    for name, groups in by_name.items():
        yield _cause(scene, name, groups)


def _cause(scene: Scene, name: str, groups: list[Group]) -> Cause:
    return cause_of(
        groups,
        id=f"{KIND}:{name}",
        kind=KIND,
        title=f'Feature switch "{name}" is off where tests expect it on',
        state="consistent",
        locations=scene.spots(*groups),
        evidence=[
            Evidence(f"Refused by: {frame.source}", Location(frame.path, frame.line))
            for frame in scene.frames(*groups)
            if frame.source
        ],
        next_step=f"Decide whether {name} should be on by default; if not, switch it on in the fixture of these tests. "
        f"Then check with: {run_command(groups[0])}",
    )


DETECTOR = Detector(rank=70, kind=KIND, find=_find)
