"""Two fields of a dataclass whose values are given the other way round.

https://docs.python.org/3/library/dataclasses.html#dataclasses.dataclass
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kit import inventory
from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.reached import found_in_reached
from kit.causes.scene.scene import Scene
from kit.causes.scene.suspected_lines import suspects
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.facts.wording import counted

KIND: Final = "swapped-fields"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    if not scene.has_source or not scene.slips.field_order.has_classes:
        return
    met: dict[inventory.Swapped, list[Group]] = {}
    executed = suspects(scene, unexplained)
    for group in unexplained:
        ask = scene.slips.field_order.swapped
        if found := found_in_reached(scene, group, executed.get(group.id, ()), ask):
            met.setdefault(found, []).append(group)
    for swapped, groups in met.items():
        yield _cause(scene, swapped, groups)


def _cause(scene: Scene, swapped: inventory.Swapped, groups: list[Group]) -> Cause:
    first, second = swapped.names
    number = counted(len(swapped.calls), "call")
    gives = "gives" if len(swapped.calls) == 1 else "give"
    places: Sequence[Location] = (*swapped.calls[:1], *swapped.fields)
    if swapped.fitting < len(swapped.calls):  # more likely the class has changed than all that call it
        places = (*swapped.fields, *swapped.calls)
    said = f"{number} {gives} {second} before {first}, {counted(swapped.fitting, 'call')} as the class has them"
    return cause_of(
        groups,
        id=f"{KIND}:{swapped.fields[0]}",
        kind=KIND,
        title=f'{swapped.owner} takes "{first}" before "{second}", and {number} {gives} them the other way round',
        state="consistent",
        locations=(*places, *scene.spots(*groups)),
        evidence=[Evidence(said, swapped.calls[0])],
        next_step=then_check("Let class and calls have one order, or pass the values by name", check_command(groups)),
    )


DETECTOR = Detector(rank=134, kind=KIND, find=_find)
