"""An attribute that a class declares without a value, or that its methods read, and that nothing sets.

https://docs.python.org/3/tutorial/classes.html#class-objects
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location

KIND: Final = "attribute-never-set"
_LACKS = re.compile(r"^'(?P<owner>\w+)' object has no attribute '(?P<name>\w+)'")


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[tuple[str, tuple[Location, ...]], tuple[str, list[Group]]] = {}
    for group, found in saying(unexplained, _LACKS) if scene.has_source else ():
        owner, name = found["owner"], found["name"]
        if places := scene.class_fields.never_set(owner, name):
            met.setdefault((name, places), (owner, []))[1].append(group)
    for (name, places), (owner, groups) in met.items():
        spots = scene.spots(*groups)
        yield cause_of(
            groups,
            id=f"{KIND}:{owner}.{name}",
            kind=KIND,
            title=f'{owner} reads or declares "{name}", and nothing sets it',
            state="consistent",
            locations=(*places, *spots) if len(places) > 1 else (*spots[:1], *places, *spots[1:]),
            evidence=[Evidence(f'This __init__ sets other attributes, and not "{name}"', places[-1])],
            next_step=then_check(f"Set self.{name} there, or take out what reads it", check_command(groups)),
        )


DETECTOR = Detector(rank=101, kind=KIND, find=_find)
