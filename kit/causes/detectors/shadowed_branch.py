"""A branch that never runs, because the condition of one before it takes all that it is for.

https://docs.python.org/3/reference/compound_stmts.html#the-if-statement
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from kit import inventory
from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.reached import found_in_reached
from kit.causes.scene.scene import Scene
from kit.causes.scene.spectrum import Suspect
from kit.causes.scene.suspected_lines import suspects
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location

KIND: Final = "shadowed-branch"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[tuple[Location, Location], list[Group]] = {}
    executed = suspects(scene, unexplained) if scene.has_source else {}
    for group in unexplained if scene.has_source else ():
        if found := _found(scene, group, executed.get(group.id, ())):
            met.setdefault((found.taking, found.taken), []).append(group)
    for (taking, taken), groups in met.items():
        yield _cause(scene, taking, taken, groups)


def _found(scene: Scene, group: Group, executed: Sequence[Suspect]) -> inventory.Shadowed | None:
    """The branch of the function that raised, or of one that the group went through where nothing of the app raised."""
    ask = scene.slips.branches.shadowed
    raised = dict.fromkeys(Location(root.own.path, root.own.line) for root in scene.roots(group) if root.own)
    if not raised:
        return found_in_reached(scene, group, executed, ask)
    return next((found for found in map(ask, raised) if found and _explains(found, raised)), None)


def _explains(found: inventory.Shadowed, raised: Iterable[Location]) -> bool:
    """Whether all was raised in its lines: what was raised elsewhere in the function has nothing to do with it."""
    return all(place.path == found.taking.path and place.line in found.lines for place in raised)


def _cause(scene: Scene, taking: Location, taken: Location, groups: list[Group]) -> Cause:
    first, second = (scene.declarations.line(place).strip().rstrip(":") for place in (taking, taken))
    return cause_of(
        groups,
        id=f"{KIND}:{taking}",
        kind=KIND,
        title=f"The branch at {taken} never runs: {taking} takes all that it is for",
        state="consistent",
        locations=(taking, taken, *scene.spots(*groups)),
        evidence=[Evidence(f"Whatever meets `{second}` has met `{first}` before", taking)],
        next_step=then_check("Ask for the narrower condition first, or correct the wider one", check_command(groups)),
    )


DETECTOR = Detector(rank=132, kind=KIND, find=_find)
