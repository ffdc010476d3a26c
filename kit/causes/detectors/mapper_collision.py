"""Several mapped classes that answer to one name in one registry.

https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html#late-evaluation-of-relationship-arguments
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kit.causes.building import RUN, SCAN, cause_of, check_command, enumerated, then_check
from kit.causes.detector import Detector
from kit.causes.scene.met_together import PAIR, met_together
from kit.causes.scene.near_first import near_first
from kit.causes.scene.replaced_columns import replaced_columns
from kit.causes.scene.scene import Scene, saying
from kit.facts.causes import PATH, Cause, Evidence, NextStep
from kit.facts.failures import Group
from kit.facts.inventory import CollidingClass, Collision
from kit.facts.places import Location
from kit.facts.wording import counted

KIND: Final = "mapper-collision"
_MULTIPLE = re.compile(r'^Multiple classes found for path "(?P<path>[^"]+)"')
_DEFINED = re.compile(r"^Table '(?P<table>[^']+)' is already defined for this MetaData instance")
_NUMBERS = {2: "Two", 3: "Three", 4: "Four"}
_SHOWN = 6


@dataclass(frozen=True)
class _Known:
    """A collision that the inventory has, the id of its cause, and the failures that show it."""

    collision: Collision
    identity: str
    groups: list[Group]


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[str, list[Group]] = {}
    for group, found in saying(unexplained, _MULTIPLE):
        met.setdefault(found["path"].rpartition(".")[2], []).append(group)
    for group, found in saying(unexplained, _DEFINED):  # without extend_existing the second class is refused
        names_of_table = [one.name for one in scene.inventory.collisions if found["table"] in one.tables]
        for name in names_of_table[:1]:
            met.setdefault(name, []).append(group)
    for one in replaced_columns(scene, unexplained):  # with it, the second class takes columns from the first
        if any(one.name == other.name and one.table in other.tables for other in scene.inventory.collisions):
            met.setdefault(one.name, []).append(one.group)
    names = [collision.name for collision in scene.inventory.collisions]
    # every relationship says which of the classes it means, so that nothing breaks when both are imported
    findings = scene.findings("duplicate-class")
    harmless = {finding.id.partition(":")[2] for finding in findings if finding.severity == "smell"}
    known: dict[tuple[object, ...], list[_Known]] = {}
    # where a name collides in several registries, the one that is loaded is the one that tests met
    for collision in sorted(scene.inventory.collisions, key=lambda collision: collision.loaded is False):
        unique = names.count(collision.name) == 1
        identity = f"{KIND}:{collision.name}" if unique else f"{KIND}:{collision.name}@{collision.registry}"
        groups = met.pop(collision.name, [])
        if groups or collision.id not in harmless:
            met_here = met_together(scene, groups, collision)
            known.setdefault(_defect(met_here), []).append(_Known(met_here, identity, groups))
    for several in known.values():
        yield _seen(scene, sorted(several, key=lambda one: -sum(group.count for group in one.groups)))
    yield from _unseen(scene, met)


def _defect(collision: Collision) -> tuple[object, ...]:
    """Modules that have tables of their own and several names in common share a registry by one mistake. Copies of
    classes are a mistake each.
    """
    files = frozenset(party.mapped.path for party in collision.classes)
    if collision.has_copies or len(files) == 1:
        return (collision.id,)
    return collision.registry, files, collision.loaded


def _seen(scene: Scene, several: Sequence[_Known]) -> Cause:
    """The cause of collisions that are one defect; what tests met most comes first."""
    first, groups = several[0].collision, [group for one in several for group in one.groups]
    duplicates = [party for party in first.classes if not party.primary]
    names = enumerated([f'"{one.collision.name}"' for one in several])
    title = _title(first, met=bool(groups))
    places = [place for one in several for place in _locations(scene, one.collision)]
    return cause_of(
        groups,
        id="+".join([several[0].identity, *(one.identity.partition(":")[2] for one in several[1:])]),
        kind=KIND,
        title=title if len(several) == 1 else title.replace(f'"{first.name}"', names),
        state="consistent",
        locations=near_first(scene, groups, places) if groups and len(first.classes) > PAIR else places,
        evidence=[item for one in several for item in _evidence(scene, one.collision)],
        next_step=_next_step(first, duplicates),
    )


def _title(collision: Collision, *, met: bool) -> str:
    if met or collision.loaded is not False:
        return f'Multiple mapped classes named "{collision.name}"'
    number = len(collision.classes)
    return f'{_NUMBERS.get(number, str(number))} mapped classes named "{collision.name}" wait to collide'


def _locations(scene: Scene, collision: Collision) -> Iterator[Location]:
    yield from _cut_short(scene, collision)  # there the name is to be written in full
    for party in sorted(collision.classes, key=lambda party: party.primary):
        role = "duplicate" if collision.standing(party) == "duplicate" else "definition"
        yield Location(party.mapped.path, party.mapped.line, role)


def _cut_short(scene: Scene, collision: Collision) -> list[Location]:
    """The annotations that say which class they mean (``Mapped[birds.Cage]``). Under postponed annotations, SQLAlchemy
    keeps only the last part of the name.
    """
    dotted = re.compile(rf"\bMapped\[[^\"']*\b\w+\.{re.escape(collision.name)}\b")
    return [place for place in collision.used_by if dotted.search(scene.declarations.line(place))]


def _evidence(scene: Scene, collision: Collision) -> Iterator[Evidence]:
    anchor = f"#collision-{collision.id}"
    cut_short = _cut_short(scene, collision)
    for place in cut_short:
        source = scene.declarations.line(place).strip()
        says = f'Under postponed annotations SQLAlchemy keeps only "{collision.name}" of: {source}'
        yield Evidence(says, place, anchor)
    for party in collision.classes:
        if collision.has_copies:
            says = f"{party.mapped.dotted} is the {collision.standing(party)}: {party.why}"
        else:
            table = f'maps the table "{party.mapped.table_name}"' if party.mapped.table else "has a computed table name"
            says = f"{party.mapped.dotted} {table}"
        yield Evidence(says, party.mapped.location, anchor)
    if len(collision.tables) == 1:
        yield Evidence(f'All of them are mapped to the table "{collision.tables[0]}"', anchor=anchor)
    yield Evidence(_when(collision), anchor=anchor)
    used_by = [place for place in collision.used_by if place not in cut_short]
    for place in used_by[:_SHOWN]:
        yield Evidence(f'A relationship names "{collision.name}" as a string', place, anchor)
    if len(used_by) > _SHOWN:
        more = counted(len(used_by) - _SHOWN, "more relationship")
        yield Evidence(f'{more} name "{collision.name}" as a string', anchor=anchor)


def _when(collision: Collision) -> str:
    if collision.loaded is None:
        return "Whether the tests import more than one of them is not known: the suite was not collected"
    if collision.loaded:
        return "The collected suite imports more than one of them"
    return "The collected suite imports at most one of them: they collide as soon as something imports another"


def _next_step(collision: Collision, duplicates: Iterable[CollidingClass]) -> NextStep:
    if not collision.has_copies:
        paths = enumerated([f'"{party.mapped.dotted}"' for party in collision.classes])
        when = "Each has a table of its own:" if collision.tables_are_known else "If each has a table of its own,"
        return then_check(
            f"{when} let relationships name the whole path, as in relationship("
            f'"{collision.classes[0].mapped.dotted}"), or rename one of {paths}',
            SCAN if any("source" in party.mapped.sides for party in collision.classes) else RUN,
        )
    kept = next((party for party in collision.classes if party.primary), collision.classes[0])
    other = next(iter(duplicates), kept)
    return NextStep(
        f"Keep {kept.mapped.dotted} and let the other module import it from there, or rename the other class.",
        ("kit", "importers", PATH, f"{other.mapped.module}:{collision.name}"),
        "To see what depends on the duplicate",
    )


def _unseen(scene: Scene, met: Mapping[str, list[Group]]) -> Iterator[Cause]:
    """The tests show collisions that the inventory, if there is one, does not have: then source may have the class
    statements, as in the case of a base that a function makes. Names that collide in the same files are one defect.
    """
    joined: dict[tuple[str, ...], dict[str, tuple[Location, ...]]] = {}
    for name in sorted(met):
        written = scene.declarations.classes(name)
        defined = tuple(place for place in written if place.path in scene.loaded_paths)
        defined = defined if len(defined) > 1 else written
        files = tuple(sorted({place.path for place in defined})) if len(defined) > 1 else (f'"{name}"',)
        joined.setdefault(files, {})[name] = defined
    for places in joined.values():
        yield _only_shown(scene, places, [group for name in places for group in met[name]])


def _only_shown(scene: Scene, places: Mapping[str, tuple[Location, ...]], groups: list[Group]) -> Cause:
    check = check_command(groups)
    name, quoted = next(iter(places)), [f'"{name}"' for name in places]
    found, made = len(places[name]) > 1, None
    if found:
        evidence = [
            Evidence(f'A class "{one}" is defined here', at) for one, defined in places.items() for at in defined
        ]
        step = then_check("Rename one of them, or let relationships name the whole path", check)
    elif made := _made_by_calls(scene, places[name]):
        evidence = [
            Evidence(f'The only class statement of "{name}": each call of the function around it maps one', made)
        ]
        advice = "Call that function once, or let its relationships take the class itself: the name is not enough"
        step = then_check(advice, check)
    elif scene.inventory.files:
        why = f'The inventory has no two mapped classes named "{name}": they may be made at run time'
        evidence, step = [Evidence(why)], then_check("Find what makes a second class of that name", check)
    else:
        evidence, step = (
            [Evidence("The mapped classes were not looked at")],
            NextStep("Find the definitions.", SCAN, "Run"),
        )
    return cause_of(
        groups,
        id=f"{KIND}:{'+'.join(places)}",
        kind=KIND,
        title=f"Multiple mapped classes named {enumerated(quoted)}",
        state="consistent" if found else "unknown",
        locations=[place for defined in places.values() for place in defined] if found or made else (),
        evidence=evidence,
        next_step=step,
    )


def _made_by_calls(scene: Scene, defined: Sequence[Location]) -> Location | None:
    """The one class statement of a name if it stands within a function."""
    within = [place for place in defined if scene.declarations.line(place)[:1].isspace()]
    return within[0] if len(defined) == 1 and within else None


DETECTOR = Detector(rank=20, kind=KIND, find=_find)
