"""An attribute that several lines read, or that tests set, and that no class declares: the class that lacks it.

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

KIND: Final = "attribute-absent"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    for found in lacking(unexplained, scene.class_fields.absent) if scene.has_source else ():
        owner, name, groups = found.owner, found.name, found.groups
        (place,) = found.places
        yield cause_of(
            groups,
            id=f"{KIND}:{owner}.{name}",
            kind=KIND,
            title=f'{owner} has no attribute "{name}", which the app reads',
            state="consistent",
            locations=(place, *scene.spots(*groups)),
            evidence=[Evidence(f'Neither this class nor another one declares "{name}"', place)],
            next_step=then_check(f'Declare "{name}" there, or give what reads it the new name', check_command(groups)),
        )


DETECTOR = Detector(rank=103, kind=KIND, find=_find)
