"""A class that SQLAlchemy maps twice: it inherits from two declarative bases, one of them by way of a mixin.

https://docs.sqlalchemy.org/en/20/orm/declarative_mixins.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location

KIND: Final = "two-declarative-bases"
_TWICE = re.compile(
    r"^Class '?<class '(?:[\w.]+\.)?(?P<name>\w+)'>'? already "
    r"(?:has been instrumented declaratively|has a primary mapper)"
)


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[str, list[Group]] = {}
    for group in unexplained:
        if found := _TWICE.search(group.example):
            met.setdefault(found["name"], []).append(group)
    taken: dict[Location, list[tuple[str, tuple[Location, ...], list[Group]]]] = {}
    for name, groups in met.items():
        for place in scene.declarations.classes(name):
            ways = scene.declarations.answers.ways_to_bases(place)
            if len(ways) > 1:  # the last one is that of a mixin, as the base that is meant comes first
                taken.setdefault(ways[-1][-1], []).append((name, ways[-1], groups))
                break
    for base, classes in taken.items():
        yield _cause(scene, base, classes)


def _cause(scene: Scene, base: Location, classes: list[tuple[str, tuple[Location, ...], list[Group]]]) -> Cause:
    name, way, _ = classes[0]
    groups = [group for _, _, some in classes for group in some]
    mixin = way[-2] if len(way) > 1 else base
    return cause_of(
        groups,
        id=f"{KIND}:{base}",
        kind=KIND,
        title=f"{name} inherits from two declarative bases and is mapped by both",
        state="consistent",
        locations=[mixin, base, way[0], *scene.spots(*groups)],
        evidence=[
            Evidence(f"On the way to the second base: {scene.declarations.line(place).strip()}", place)
            for place in reversed(way)
        ],
        next_step=then_check(
            "Let the mixin inherit from no declarative base: only the class that is mapped has one",
            check_command(groups),
        ),
    )


DETECTOR = Detector(rank=25, kind=KIND, find=_find)
