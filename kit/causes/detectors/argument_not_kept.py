"""An attribute that an object lacks because its ``__init__`` takes the argument of that name and does not keep it.

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

KIND: Final = "argument-not-kept"
_LACKS = re.compile(r"^'(?P<owner>\w+)' object has no attribute '(?P<name>\w+)'")


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[tuple[str, tuple[Location, ...]], tuple[str, list[Group]]] = {}
    for group, found in saying(unexplained, _LACKS) if scene.has_source else ():
        owner, name = found["owner"], found["name"]
        if places := scene.class_fields.unkept(owner, name):
            met.setdefault((name, places), (owner, []))[1].append(group)
    for (name, places), (owner, groups) in met.items():
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
