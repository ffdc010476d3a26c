"""Several mapped classes that answer to one name in one registry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from kit.causes.building import PATH, cause_of
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.inventory import CollidingClass, Collision
from kit.facts.places import Location
from kit.facts.wording import counted

KIND: Final = "mapper-collision"
_MULTIPLE = re.compile(r'^Multiple classes found for path "(?P<path>[^"]+)"')
_DEFINED = re.compile(r"^Table '(?P<table>[^']+)' is already defined for this MetaData instance")
_NUMBERS = {2: "Two", 3: "Three", 4: "Four"}
_SHOWN = 6


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[str, list[Group]] = {}
    for group, found in saying(unexplained, _MULTIPLE):
        met.setdefault(found["path"].rpartition(".")[2], []).append(group)
    for group, found in saying(unexplained, _DEFINED):  # without extend_existing the second class is refused
        names_of_table = [one.name for one in scene.inventory.collisions if found["table"] in one.tables]
        for name in names_of_table[:1]:
            met.setdefault(name, []).append(group)
    names = [collision.name for collision in scene.inventory.collisions]
    # every relationship says which of the classes it means, so that nothing breaks when both are imported
    findings = scene.findings("duplicate-class")
    harmless = {finding.id.partition(":")[2] for finding in findings if finding.severity == "smell"}
    # where a name collides in several registries, the one that is loaded is the one that tests met
    for collision in sorted(scene.inventory.collisions, key=lambda collision: collision.loaded is False):
        unique = names.count(collision.name) == 1
        identity = f"{KIND}:{collision.name}" if unique else f"{KIND}:{collision.name}@{collision.registry}"
        groups = met.pop(collision.name, [])
        if groups or collision.id not in harmless:
            yield _known(collision, identity, groups)
    for name, groups in met.items():
        yield _unseen(name, groups, looked=scene.inventory.files > 0)


def _known(collision: Collision, identity: str, groups: list[Group]) -> Cause:
    duplicates = [party for party in collision.classes if not party.primary]
    return cause_of(
        groups,
        id=identity,
        kind=KIND,
        title=_title(collision, met=bool(groups)),
        state="consistent",
        locations=_locations(collision),
        evidence=_evidence(collision),
        next_step=_next_step(collision, duplicates),
    )


def _title(collision: Collision, *, met: bool) -> str:
    if met or collision.loaded is not False:
        return f'Multiple mapped classes named "{collision.name}"'
    number = len(collision.classes)
    return f'{_NUMBERS.get(number, str(number))} mapped classes named "{collision.name}" wait to collide'


def _locations(collision: Collision) -> Iterator[Location]:
    for party in sorted(collision.classes, key=lambda party: party.primary):
        yield Location(party.mapped.path, party.mapped.line, "definition" if party.primary else "duplicate")


def _evidence(collision: Collision) -> Iterator[Evidence]:
    anchor = f"#collision-{collision.id}"
    for party in collision.classes:
        standing = "primary" if party.primary else "duplicate"
        yield Evidence(f"{_class(party)} is the {standing}: {party.why}", party.mapped.location, anchor)
    if len(collision.tables) == 1:
        yield Evidence(f'All of them are mapped to the table "{collision.tables[0]}"', anchor=anchor)
    yield Evidence(_when(collision), anchor=anchor)
    for place in collision.used_by[:_SHOWN]:
        yield Evidence(f'A relationship names "{collision.name}" as a string', place, anchor)
    if len(collision.used_by) > _SHOWN:
        more = counted(len(collision.used_by) - _SHOWN, "more relationship")
        yield Evidence(f'{more} name "{collision.name}" as a string', anchor=anchor)


def _when(collision: Collision) -> str:
    if collision.loaded is None:
        return "Whether the tests import more than one of them is not known: the suite was not collected"
    if collision.loaded:
        return "The collected suite imports more than one of them"
    return "The collected suite imports at most one of them: they collide as soon as something imports another"


def _next_step(collision: Collision, duplicates: Iterable[CollidingClass]) -> str:
    kept = next((party for party in collision.classes if party.primary), collision.classes[0])
    commands = [f"kit importers {PATH} {party.mapped.module}:{collision.name}" for party in duplicates]
    return (
        f"Keep {_class(kept)} and let the other module import it from there, or rename the other class. "
        f"Who depends on the duplicate: {' ; '.join(commands)}"
    )


def _class(party: CollidingClass) -> str:
    return f"{party.mapped.module}.{party.mapped.qualname}"


def _unseen(name: str, groups: list[Group], *, looked: bool) -> Cause:
    """The tests show a collision that the inventory, if there is one, does not have."""
    why = f'The inventory has no two mapped classes named "{name}": they may be made at run time'
    return cause_of(
        groups,
        id=f"{KIND}:{name}",
        kind=KIND,
        title=f'Multiple mapped classes named "{name}"',
        state="unknown",
        locations=(),
        evidence=(Evidence(why if looked else "The mapped classes were not looked at"),),
        next_step=f"Find the definitions: kit scan {PATH}",
    )


DETECTOR = Detector(rank=20, kind=KIND, find=_find)
