"""An attribute that a class declares without a value, or that its methods read, and that nothing sets.

https://docs.python.org/3/tutorial/classes.html#class-objects
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.lacking import lacking
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group

KIND: Final = "attribute-never-set"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    for found in lacking(unexplained, scene.class_fields.never_set) if scene.has_source else ():
        owner, name, places, groups = found.owner, found.name, found.places, found.groups
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
