"""A branch that never runs, because the condition of one before it takes all that it is for.

https://docs.python.org/3/reference/compound_stmts.html#the-if-statement
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial
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

KIND: Final = "shadowed-branch"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[tuple[Location, Location], list[Group]] = {}
    executed = suspects(scene, unexplained) if scene.has_source else {}
    for group in unexplained if scene.has_source else ():
        raised = {(root.own.path, root.own.line) for root in scene.roots(group) if root.own}
        ask = partial(_shadowed, scene, raised)
        if found := found_in_reached(scene, group, executed.get(group.id, ()), ask):
            met.setdefault((found.taking, found.taken), []).append(group)
    for (taking, taken), groups in met.items():
        yield _cause(scene, taking, taken, groups)


def _shadowed(scene: Scene, raised: Collection[tuple[str, int]], place: Location) -> inventory.Shadowed | None:
    """The branch of the function at a place, if it can explain what was ``raised``: that was raised in its lines."""
    found = scene.slips.branches.shadowed(place) if all(path == place.path for path, _ in raised) else None
    return found if found and all(line in found.lines for _, line in raised) else None


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
