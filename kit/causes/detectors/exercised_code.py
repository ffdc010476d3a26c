"""Several groups of failures whose tests compare what one definition of the target computes, or exercise one that
hardly any passing test does.

https://en.wikipedia.org/wiki/Fault_localization
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command
from kit.causes.detector import Detector
from kit.causes.scene.compared import lines_within
from kit.causes.scene.declared_values import declared, found_alone
from kit.causes.scene.saying import answering_line, lines_that_say, refusing
from kit.causes.scene.scene import Scene
from kit.causes.scene.spectrum import Suspect
from kit.causes.scene.stopped import HARDLY_PASSING, stopped, stops_of
from kit.causes.scene.suspected_lines import suspected_lines, suspects
from kit.causes.scene.suspicion import is_refused_call, suspected
from kit.facts.causes import Cause, Evidence, NextStep
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.facts.wording import counted
from kit.failures import unexpected_values

KIND: Final = "exercised-code"
#: from this score on, a function that others are as suspicious as stands for them
_TELLING = 0.3
#: at most this many lines stand before the definition
_FIRST = 3


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[str, list[tuple[Location, Group]]] = {}
    found = suspects(scene, unexplained)
    for group in unexplained:
        if place := _place(scene, group, found.get(group.id, ())):
            # a module is another suspect than what is defined on its first line
            identity = place.path if place.role == "imported" else str(place)
            met.setdefault(identity, []).append((place, group))
    several = {identity: pairs for identity, pairs in met.items() if len(pairs) > 1}
    stops = list(stops_of(scene, scene.failures)) if several else []
    for identity, pairs in several.items():
        place, all_groups = pairs[0][0], [group for _, group in pairs if not stopped(scene, group.failure_ids, stops)]
        is_shared = all_groups and place.role == "executed" and found[all_groups[0].id][0].score < HARDLY_PASSING
        for groups in _alike(all_groups) if is_shared else [all_groups]:
            if len(groups) > 1:
                yield _cause(scene, identity, place, groups)


def _alike(groups: Sequence[Group]) -> list[list[Group]]:
    """The groups, together where they found one value that they did not expect; what shows no value joins the first."""
    found: list[tuple[set[str], list[Group]]] = []
    for group in groups:
        values = unexpected_values(group.example, made=False)
        fitting = next((one for one in found if one[0] & values or not values), None)
        if fitting is None:
            fitting = set(), []
            found.append(fitting)
        fitting[0].update(values)
        fitting[1].append(group)
    return [together for _, together in found]


def _place(scene: Scene, group: Group, found: Sequence[Suspect]) -> Location | None:
    """The one definition or line that explains a group, if there is one."""
    if is_refused_call(group) or any(root.own for root in scene.roots(group)):
        return None
    asserts = group.signature.exception == "AssertionError"
    if not found:
        answering = answering_line(scene, group) if asserts else None
        return answering or (suspected(scene, group) if group.category.startswith("assertion-") else None)
    if len(found) == 1 or found[0].score >= _TELLING:
        return found[0].place
    answering = answering_line(scene, group) if asserts else None
    within = answering and any(scene.declarations.is_within(answering, one.place) for one in found)
    return answering if within else None


def _cause(scene: Scene, identity: str, place: Location, groups: list[Group]) -> Cause:
    tests, ways = counted(sum(group.count for group in groups), "test"), counted(len(groups), _ways(groups))
    failures = (failure for group in groups for failure in group.failure_ids)
    executed = scene.spectrum.executed_by(failures, place) if place.role == "executed" else None
    if executed:
        title = f"{tests} fail in {ways} after they execute {executed.name} ({identity})"
        why = executed.said
    elif place.role == "compared":
        title = f"{tests} fail in {ways} on what {identity} computes"
        why = "What they compare is computed here, and few passing tests read it"
    elif place.role == "says":
        title = f"{tests} fail in {ways} on the status that {identity} answers with"
        why = "Of what these tests reach, this line alone answers with that status"
    else:
        title = f"{tests} fail in {ways} after they exercise {identity}"
        why = "They have this definition in common, and hardly any passing test exercises it"
    return cause_of(
        groups,
        id=f"{KIND}:{identity}",
        kind=KIND,
        title=title,
        state="unknown",
        locations=(
            *found_alone(scene, groups),
            *refusing(scene, groups),
            *(declared(scene, groups[0], [executed]) if executed else ()),
            *(suspected_lines(scene, groups, [executed], _hints(scene, groups)) if executed else ())[:_FIRST],
            *_lines(scene, place, groups),
            *scene.spots(*groups),
        ),
        evidence=[Evidence(why, place)],
        next_step=NextStep("Look at what it computes.", check_command(groups), "Run one of the tests alone"),
    )


def _ways(groups: Iterable[Group]) -> str:
    return "assertion" if all(group.signature.exception == "AssertionError" for group in groups) else "way"


def _hints(scene: Scene, groups: Iterable[Group]) -> Iterator[Location]:
    return (place for group in groups for place in lines_that_say(scene, group))


def _lines(scene: Scene, place: Location, groups: list[Group]) -> tuple[Location, ...]:
    if place.role == "says":
        return (*scene.declarations.reading.reasons(place), place)
    return lines_within(scene, place, *groups)


DETECTOR = Detector(rank=890, kind=KIND, find=_find)
