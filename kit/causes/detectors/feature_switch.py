"""A feature switch that is not what tests expect: the setting, and the line of its default.

The failure names the switch, or was raised under a condition that asks for one, or compares one that source declares.

https://docs.pytest.org/en/stable/how-to/monkeypatch.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene, is_in
from kit.facts.causes import Cause, Evidence
from kit.facts.declarations import SettingDefault
from kit.facts.failures import Group
from kit.facts.places import Location

KIND: Final = "feature-switch"
_NAMED = re.compile(
    r"""(?i:\b(?:feature|switch|flag)) ['"](?P<told>[\w.-]+)['"]"""
    r"""|where False = .*\.(?P<attribute>feature_\w+|enable_\w+|\w+_enabled)$"""
    r"""|where False = .*\b(?:is_enabled|feature_enabled)\(['"](?P<asked>[\w.-]+)['"]\)$""",
    re.MULTILINE,
)
_COMPARED = re.compile(r"^ \+  where (?P<value>True|False) = [^\n]*\.(?P<name>\w+)$", re.MULTILINE)
_SWITCHING = frozenset({"True", "False"})
_SHOWN = 3


@dataclass(frozen=True)
class _Switch:
    """A switch by its name, with what tests expect of it."""

    name: str
    expected: str = "on"

    @property
    def found(self) -> str:
        return "off" if self.expected == "on" else "on"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    by_switch: dict[_Switch, list[Group]] = {}
    for group in unexplained:
        if switch := _switch(scene, group):
            by_switch.setdefault(switch, []).append(group)
    for switch, groups in by_switch.items():
        defaults = scene.declarations.defaults_of(switch.name)
        in_production = [one for one in defaults if one.role == "production"]
        yield _cause(scene, switch, groups, (in_production or defaults)[:_SHOWN])


def _switch(scene: Scene, group: Group) -> _Switch | None:
    if is_in(group, "configuration"):
        if found := _NAMED.search(group.example):
            return _Switch(next(filter(None, found.groups())))
        return _asked(scene, group)
    found = _COMPARED.search(group.example) if group.category.startswith("assertion") else None
    if found and _defaults(scene, found["name"]):
        return _Switch(found["name"], "off" if found["value"] == "True" else "on")
    return None


def _asked(scene: Scene, group: Group) -> _Switch | None:
    """The switch in the condition under which the target's own code raised."""
    for frame in scene.frames(group)[:1]:
        for name in scene.declarations.asked_around(frame.path, frame.line):
            if defaults := _defaults(scene, name):
                return _Switch(name, "off" if defaults[0].value == "True" else "on")
    return None


def _defaults(scene: Scene, name: str) -> list[SettingDefault]:
    """The defaults in production code that make a name a switch."""
    return [
        one
        for one in scene.declarations.defaults_of(name)
        if one.role == "production" and (one.value in _SWITCHING or "environ" in one.owner or "getenv" in one.owner)
    ]


def _cause(scene: Scene, switch: _Switch, groups: list[Group], defaults: Sequence[SettingDefault]) -> Cause:
    given = [_given(one) for one in defaults]
    refused = [
        Evidence(f"Refused by: {frame.source}", Location(frame.path, frame.line))
        for frame in scene.frames(*groups)
        if frame.source
    ]
    where = f" at {defaults[0].location}" if defaults else ""
    return cause_of(
        groups,
        id=f"{KIND}:{switch.name}",
        kind=KIND,
        title=f'Feature switch "{switch.name}" is {switch.found} where tests expect it {switch.expected}',
        state="consistent",
        locations=(*(one.location for one in defaults), *scene.spots(*groups)),
        evidence=(*given, *refused),
        next_step=then_check(
            f"Decide whether {switch.name} should be {switch.expected} by default{where}; if not, switch it "
            f"{switch.expected} in the fixture of these tests",
            check_command(groups),
        ),
    )


def _given(one: SettingDefault) -> Evidence:
    owner = f"{one.owner}: " if one.owner else ""
    return Evidence(f"Its default: {owner}{one.name} = {one.value}", one.location)


DETECTOR = Detector(rank=70, kind=KIND, find=_find)
