"""A relationship that SQLAlchemy cannot configure; from then on every use of any mapper fails.

https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kit.causes.building import cause_of, check_command, finding_evidence, then_check
from kit.causes.detector import Detector
from kit.causes.scene.absence import missing_class
from kit.causes.scene.apart import Part, apart
from kit.causes.scene.near_first import near_first
from kit.causes.scene.nearest import nearest
from kit.causes.scene.nowhere import keys_to_nowhere
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.inventory import Finding, MappedClass, Relationship
from kit.facts.places import Location

KIND: Final = "broken-relationship"
_MAPPER = r"(?:Mapper\[|mapped class )(?P<owner>\w+)"
_LOCATE = re.compile(rf"^When initializing mapper {_MAPPER}.*?, expression '(?P<target>[^']+)' failed to locate a name")
_NO_PROPERTY = re.compile(rf"^Mapper '{_MAPPER}.*?' has no property '(?P<name>\w+)'")
_JOIN = re.compile(
    r"^(?:Could not determine join condition between|Could not locate any (?:relevant foreign key|simple equality)"
    r"|Error creating backref ').*? on relationship '?(?P<owner>\w+)\.(?P<name>\w+)"
)
_BACK = re.compile(
    r"^(?:reverse_property '\w+' on relationship|back_populates on relationship) '?(?P<owner>\w+)\.(?P<name>\w+)"
    r"|^(?P<other>\w+)\.(?P<attribute>\w+) and back-reference .* are both of the same direction"
)
_NO_CLASS = re.compile(r"^relationship '(?:(?P<owner>\w+)\.)?(?P<name>\w+)' expects a class or a mapper argument")
_ORPHAN = re.compile(r"^For many-to-(?:one|many) relationship (?P<owner>\w+)\.(?P<name>\w+), delete-orphan")
_GENERIC = re.compile(
    rf"^When initializing mapper {_MAPPER}.*?, expression (?P<name>.*?\b(?P<target>\w+)['\"\])]+) "
    r"(?:seems to be using a generic class|failed to locate a name \(.*\[)"
)
_COLUMN = re.compile(
    r"^Class <class '(?:[\w.<>]*\.)?(?P<owner>\w+)'> does not have a mapped column named '(?P<name>\w+)'"
)


@dataclass(frozen=True)
class _Defect:
    """The defect in a message: the class, its attribute (or what the attribute names), and what to do."""

    owner: str
    name: str
    title: str
    advice: str
    target: str | None = None
    #: whether another class names it in a back_populates
    named_elsewhere: bool = False


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[_Defect, list[Group]] = {}
    for group in unexplained:
        if defect := _read(group.signature.message):
            met.setdefault(defect, []).append(group)
    told = [(str(one.details.get("message", "")), one) for one in scene.findings("mapper-configuration")]
    # without the foreign key that leads nowhere there is nothing to join by: that key is a cause of its own
    found = [(_read(message), one) for message, one in told if not keys_to_nowhere(scene, message)]
    findings = {defect: finding for defect, finding in found if defect}
    for defect in dict.fromkeys((*met, *findings)):
        owners = scene.mapped_by_name.get(defect.owner, ()) if defect.owner else ()
        parts = apart(scene, met.get(defect, []), owners)
        for part in parts:
            finding = findings.get(defect) if len(parts) == 1 else _of_these(scene, defect, part)
            yield _cause(scene, defect, part, finding, several=len(parts) > 1)


def _of_these(scene: Scene, defect: _Defect, part: Part) -> Finding | None:
    """The finding that is about the classes of one part."""
    paths = {one.path for one in part.classes}
    found = (one for one in scene.findings("mapper-configuration") if one.locations and one.locations[0].path in paths)
    return next((one for one in found if _read(str(one.details.get("message", ""))) == defect), None)


def _read(message: str) -> _Defect | None:
    if found := _LOCATE.search(message):
        title = f'A relationship of {found["owner"]} names "{found["target"]}", which no mapped class is called'
        advice = "Correct the name, or import the module that defines the class before the first use of a mapper"
        return _Defect(found["owner"], found["target"], title, advice, target=found["target"])
    if found := _NO_PROPERTY.search(message):
        title = f'{found["owner"]} has no "{found["name"]}" that a back_populates names'
        advice = f"Give {found['owner']} that relationship, or correct the name in back_populates"
        return _Defect(found["owner"], found["name"], title, advice, named_elsewhere=True)
    if found := _JOIN.search(message):
        title = f"SQLAlchemy finds no way to join {found['owner']}.{found['name']}"
        advice = "Add the foreign key that joins the two tables, name it in foreign_keys=, or correct the backref"
        return _Defect(found["owner"], found["name"], title, advice)
    if found := _BACK.search(message):
        owner, name = found["owner"] or found["other"], found["name"] or found["attribute"]
        advice = "Let the two sides name each other, and give the many-to-one side of a class to itself remote_side="
        return _Defect(owner, name, f"{owner}.{name} and its other side do not fit", advice)
    return _read_argument(message)


def _read_argument(message: str) -> _Defect | None:
    """What is wrong with an argument of one relationship."""
    if found := _NO_CLASS.search(message):
        whole = f"{found['owner']}.{found['name']}" if found["owner"] else f'"{found["name"]}"'
        title = f"Relationship {whole} names something that is not a mapped class"
        return _Defect(found["owner"] or "", found["name"], title, "Name the class, not its table")
    if found := _ORPHAN.search(message):
        title = f"{found['owner']}.{found['name']} has delete-orphan on the side of the many"
        advice = "Put the cascade on the other side, or add single_parent=True"
        return _Defect(found["owner"], found["name"], title, advice)
    if found := _GENERIC.search(message):
        title = f"A relationship of {found['owner']} has {found['name']} as its argument, which is an annotation"
        return _Defect(
            found["owner"], found["target"], title, f'Write Mapped[list["{found["target"]}"]] = relationship()'
        )
    if found := _COLUMN.search(message):
        title = f'A relationship orders or joins by "{found["name"]}", which {found["owner"]} does not have'
        advice = f"Correct the column in order_by, primaryjoin or foreign_keys, or give {found['owner']} that column"
        return _Defect(found["owner"], found["name"], title, advice)
    return None


def _cause(scene: Scene, defect: _Defect, part: Part, finding: Finding | None, *, several: bool) -> Cause:
    groups = part.groups
    places = tuple(_places(scene, defect, part.classes))
    places = (*_without_key(scene, places), *places)
    evidence = [*(finding_evidence(finding) if finding else ())]
    told = _told(scene, defect, part)
    if told:
        evidence[:0] = told.evidence
        places = (*told.places, *places) if told.fix_there else (*places, *told.places)
    check = check_command(groups)
    return cause_of(
        groups,
        id=f"{KIND}:{defect.owner}.{defect.name}{f'@{part.classes[0].path}' if several else ''}",
        kind=KIND,
        title=told.title if told else defect.title,
        state="consistent",
        locations=places or (finding.locations if finding else scene.spots(*groups)),
        evidence=evidence,
        next_step=then_check(told.advice if told else defect.advice, check),
    )


@dataclass(frozen=True)
class _Told:
    """What the source says of a class that no mapped class is called."""

    title: str
    advice: str
    evidence: tuple[Evidence, ...]
    #: where the class is defined after all
    places: tuple[Location, ...] = ()
    #: whether that is the line to change, and not the relationship
    fix_there: bool = False


def _told(scene: Scene, defect: _Defect, part: Part) -> _Told | None:
    """Which of the truths behind "failed to locate a name" holds; ``None`` where the message says something else."""
    if defect.target is None:
        return None
    name, absence = defect.target, missing_class(scene, defect.target, part.classes)
    start = f'A relationship of {defect.owner} names "{name}", '
    defined = tuple(Evidence(f'"{name}" is defined here', place) for place in absence.places)
    if absence.truth == "absent":
        if scene.declarations.option("secondary", name):
            return _no_table(scene, defect, name)
        if absence.meant is None:
            return None
        alike = near_first(scene, part.groups, (one.location for one in scene.mapped_by_name[absence.meant]))
        near = Evidence(f'A mapped class of a like name: "{absence.meant}"', alike[0])
        advice = f'Correct the name (did you mean "{absence.meant}"?), or define the class'
        return _Told(defect.title, advice, (near,))
    place = absence.places[0]
    if absence.truth == "not mapped":
        advice = "Map that class: it needs the declarative base (with SQLModel table=True), or name another class"
        return _Told(f"{start}which is not mapped", advice, defined, absence.places, fix_there=True)
    if absence.truth == "elsewhere" and name not in scene.mapped_by_name:
        advice = (
            "Let the table and both classes share one MetaData, with Flask-SQLAlchemy by one bind key, or pass the "
        )
        return _Told(f"{start}a table of another MetaData", f"{advice}table itself", defined, absence.places)
    if absence.truth == "elsewhere":
        advice = "Let both classes share one declarative base, or pass the class itself instead of its name"
        return _Told(f"{start}which is in another registry", advice, defined, absence.places)
    advice = f"Import {place.path} before the first use of a mapper: where the application or its conftest.py starts"
    return _Told(f"{start}which is not imported by then", advice, defined, absence.places)


def _no_table(scene: Scene, defect: _Defect, name: str) -> _Told:
    """What the source says of a name in ``secondary=`` that no table has."""
    tables = {table: classes[0].location for table, classes in scene.mapped_by_table.items()}
    tables |= scene.mapped_source.tables
    meant = nearest(name, tables)
    like = f' (did you mean "{meant}"?)' if meant else ""
    return _Told(
        f'A relationship of {defect.owner} has secondary="{name}", which no table is called',
        f"Correct the name{like}, or define the table in the same MetaData",
        (Evidence(f'A table of a like name: "{meant}"', tables[meant]),) if meant else (),
    )


def _places(scene: Scene, defect: _Defect, classes: Sequence[MappedClass]) -> Iterator[Location]:
    """The line of the relationship, as the inventory knows it or as source shows it; else its class."""
    paths = {one.path for one in classes}
    if defect.named_elsewhere:
        naming = scene.declarations.option("back_populates", defect.name)
        yield from [place for place in naming if place.path in paths] or naming
    owners = classes if defect.owner else scene.inventory.mapped_classes
    exact = [(one, relationship) for one in owners for relationship in one.relationships if _is(relationship, defect)]
    for one, relationship in exact:
        yield Location(one.path, relationship.line or one.line, "relationship")
    if not exact and defect.owner:
        written = scene.declarations.in_class(defect.owner, defect.name)
        yield from [place for place in written if place.path in paths] or written
        yield from map(_definition, owners)


def _without_key(scene: Scene, places: Sequence[Location]) -> Iterator[Location]:
    """The columns that lack the foreign key by which the relationship at one of these places would be joined."""
    at = {(place.path, place.line) for place in places}
    for finding in (*scene.findings("join-condition"), *scene.findings("mapper-configuration")):
        if finding.locations and (finding.locations[0].path, finding.locations[0].line) in at:
            yield from (place for place in finding.locations if place.role == "without a key")


def _is(relationship: Relationship, defect: _Defect) -> bool:
    if defect.target is None:
        return relationship.name == defect.name
    return defect.target in ((relationship.target or "").strip("'\""), relationship.points_at)


def _definition(mapped: MappedClass) -> Location:
    return mapped.location


DETECTOR = Detector(rank=24, kind=KIND, find=_find)
