"""Several groups of assertions whose tests compare what one definition of the target computes, or exercise one that
hardly any passing test does.

https://en.wikipedia.org/wiki/Fault_localization
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command
from kit.causes.detector import Detector
from kit.causes.scene.compared import lines_within
from kit.causes.scene.saying import answering_line
from kit.causes.scene.scene import Scene
from kit.causes.scene.suspicion import suspected
from kit.facts.causes import Cause, Evidence, NextStep
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.facts.wording import counted

KIND: Final = "exercised-code"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[str, list[tuple[Location, Group]]] = {}
    for group in unexplained:
        answering = answering_line(scene, group) if group.signature.exception == "AssertionError" else None
        if place := answering or (suspected(scene, group) if group.category.startswith("assertion-") else None):
            # a module is another suspect than what is defined on its first line
            identity = place.path if place.role == "imported" else str(place)
            met.setdefault(identity, []).append((place, group))
    for identity, pairs in met.items():
        if len(pairs) > 1:
            yield _cause(scene, identity, pairs[0][0], [group for _, group in pairs])


def _cause(scene: Scene, identity: str, place: Location, groups: list[Group]) -> Cause:
    tests, asserted = counted(sum(group.count for group in groups), "test"), counted(len(groups), "assertion")
    if place.role == "compared":
        title = f"{tests} fail in {asserted} on what {identity} computes"
        why = "What they compare is computed here, and few passing tests read it"
    elif place.role == "says":
        title = f"{tests} fail in {asserted} on the status that {identity} answers with"
        why = "Of what these tests reach, this line alone answers with that status"
    else:
        title = f"{tests} fail in {asserted} after they exercise {identity}"
        why = "They have this definition in common, and hardly any passing test exercises it"
    return cause_of(
        groups,
        id=f"{KIND}:{identity}",
        kind=KIND,
        title=title,
        state="unknown",
        locations=(*_lines(scene, place, groups), *scene.spots(*groups)),
        evidence=[Evidence(why, place)],
        next_step=NextStep("Look at what it computes.", check_command(groups), "Run one of the tests alone"),
    )


def _lines(scene: Scene, place: Location, groups: list[Group]) -> tuple[Location, ...]:
    if place.role == "says":
        return (*scene.declarations.reading.reasons(place), place)
    return lines_within(scene, place, *groups)


DETECTOR = Detector(rank=890, kind=KIND, find=_find)
