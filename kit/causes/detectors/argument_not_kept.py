"""An attribute that an object lacks because its ``__init__`` takes the argument of that name and does not keep it.

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

KIND: Final = "argument-not-kept"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    for found in lacking(unexplained, scene.class_fields.unkept) if scene.has_source else ():
        owner, name, places, groups = found.owner, found.name, found.places, found.groups
        yield cause_of(
            groups,
            id=f"{KIND}:{owner}.{name}",
            kind=KIND,
            title=f'{owner} takes "{name}" and does not keep it',
            state="consistent",
            locations=(*places, *scene.spots(*groups)),
            evidence=[Evidence(f'This __init__ gives no attribute its argument "{name}"', places[-1])],
            next_step=then_check(f"Assign self.{name} there, as for the other arguments", check_command(groups)),
        )


DETECTOR = Detector(rank=85, kind=KIND, find=_find)
