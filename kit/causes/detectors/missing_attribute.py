"""A column or an attribute of a mapped class that code and class call by different names.

https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.attribute_like import attribute_like, is_idle
from kit.causes.scene.nearest import nearest
from kit.causes.scene.scene import Scene, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.inventory import MappedClass
from kit.facts.places import Location

KIND: Final = "missing-attribute"
_NAMED = re.compile(
    r"^(?:type object )?'(?P<owner>\w+)' (?:object )?has no attribute '(?P<name>\w+)'"
    r"|^'(?P<keyword>\w+)' is an invalid keyword argument for (?P<class>\w+)"
    r"|^Entity namespace for \"(?P<entity>\w+)\" has no property \"(?P<property>\w+)\""
    r"|^NOT NULL constraint failed: (?P<table>\w+)\.(?P<column>\w+)"
)
_ADVICE: Final = "Let the class and the code that uses it call the attribute by one name"
_NO_VALUE: Final = "Give it a value where the row is made, or a default where it is mapped"
_INSERTS = re.compile(r"\[SQL: INSERT INTO \S+ \(([^)]*)\)")
_UPDATES = re.compile(r"\[SQL: UPDATE ")


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[tuple[str, str], list[Group]] = {}
    classes: dict[tuple[str, str], list[MappedClass]] = {}
    for group, found in saying(unexplained, _NAMED):
        owner = found["owner"] or found["class"] or found["entity"] or found["table"]
        name = found["name"] or found["keyword"] or found["property"] or found["column"]
        owners = [*scene.mapped_by_name.get(owner, ()), *scene.mapped_by_table.get(owner, ())]
        if owners or (not found["column"] and attribute_like(scene, [group], owner, name)):
            met.setdefault((owner, name), []).append(group)
            classes[owner, name] = _near(scene, group, owners)
    for (owner, name), groups in met.items():
        if owners := classes[owner, name]:
            yield _cause(scene, owner, name, groups, owners)
        else:
            yield _of_source(scene, owner, name, groups)


def _of_source(scene: Scene, owner: str, name: str, groups: list[Group]) -> Cause:
    """A class of a fixture, of a test or without a table: the source alone tells what it declares."""
    meant, places = attribute_like(scene, groups, owner, name) or ("", ())
    spots = scene.spots(*groups)
    idle = is_idle(scene, meant)
    before = 0 if idle else 2
    return cause_of(
        groups,
        id=f"{KIND}:{owner}.{name}",
        kind=KIND,
        title=f'{owner} has no attribute "{name}"',
        state="consistent",
        locations=(*spots[:before], *places[:1], *spots[before:], *places[1:]),
        evidence=[
            *(Evidence(f'{owner} has a "{meant}"', place) for place in places[:1]),
            *([Evidence(f'Nothing else names "{meant}"')] if idle else []),
        ],
        next_step=then_check(_ADVICE, check_command(groups)),
    )


def _near(scene: Scene, group: Group, owners: Sequence[MappedClass]) -> list[MappedClass]:
    """Of classes of one name those first that the failure went through, that the tests import, that stand nearest."""
    imported = {path for result in scene.results(group) for path in scene.imported_by_tests.get(result.path, ())}
    passed = {frame.path for info in scene.chains(group) for frame in info.frames if frame.owner != "library"}
    spot = next((place.path for place in scene.spots(group)), "")

    def order(one: MappedClass) -> tuple[bool, bool, int, str]:
        return one.path not in passed, one.path not in imported, -_shared(one.path, spot), one.path

    return sorted(owners, key=order)


def _shared(one: str, other: str) -> int:
    """How many folders two paths share at their start."""
    pairs = zip(one.split("/")[:-1], other.split("/")[:-1], strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _cause(scene: Scene, owner: str, name: str, groups: list[Group], owners: Sequence[MappedClass]) -> Cause:
    has = name in owners[0].columns
    meant = None if has else nearest(name, owners[0].columns)
    near = scene.declarations.in_class(owners[0].name, meant or name)
    place = next((one for one in near if one.path == owners[0].path), owners[0].location)
    title = f"{owner}.{name} is required and gets no value" if has else f'{owner} has no attribute "{name}"'
    evidence = [Evidence(f'{owner} has a "{meant}"', place)] if meant else [Evidence(f"{owner} is defined here", place)]
    spots = scene.spots(*groups)
    orphaning = _orphaning(scene, owners, groups) if has else ()
    silent = (
        (*scene.mapped_source.validators_without_answer(owners[0].name, name), *scene.mapped_source.silent_on(name))
        if has
        else ()
    )
    evidence += [
        Evidence(f"This validator of {name} returns nothing, so that nothing is stored", one) for one in silent
    ]
    others = _other_discriminator(scene, owners[0], name) if has else ()
    evidence += [Evidence(f"Another column than {name} tells the classes apart", one) for one in others]
    kept = "This relationship takes rows from their parent and does not delete them"
    evidence += [Evidence(kept, one) for one in orphaning]
    return cause_of(
        groups,
        id=f"{KIND}:{owner}.{name}",
        kind=KIND,
        title=title,
        state="consistent",
        locations=(
            *silent,
            *others,
            *orphaning,
            *_columns(scene, owner, name, groups),
            *spots[:2],
            Location(place.path, place.line, "definition"),
            *spots[2:],
        ),
        evidence=evidence,
        next_step=then_check(
            _NO_VALUE if has and not (silent or others or orphaning) else _ADVICE, check_command(groups)
        ),
    )


def _other_discriminator(scene: Scene, owner: MappedClass, name: str) -> tuple[Location, ...]:
    """Where a class names the column that tells its subclasses apart, if that is another one than what has no value."""
    found = scene.mapped_source.discriminators(owner.name)
    return tuple(found.values()) if found and name not in found else ()


def _columns(scene: Scene, table: str, name: str, groups: list[Group]) -> tuple[Location, ...]:
    """The column of a ``Table(…)`` that no INSERT of these failures names: nothing that is mapped sets it."""
    inserts = [found for info in scene.chains(*groups) for found in _INSERTS.findall(info.message)]
    tables = scene.declarations.tables(table)
    if not inserts or not tables or any(name in columns.replace('"', "").split(", ") for columns in inserts):
        return ()
    places = sorted(place for place in scene.declarations.string(name) if place.path == tables[0].path)
    return tuple(place for place in places if place.line >= tables[0].line)[:1]


def _orphaning(scene: Scene, owners: Sequence[MappedClass], groups: Sequence[Group]) -> tuple[Location, ...]:
    """The relationships to a class without a cascade, where it is an update that takes a required value away."""
    if not all(_UPDATES.search(info.message) for info in scene.chains(*groups) if "[SQL: " in info.message):
        return ()
    paths = {mapped.path for mapped in scene.inventory.mapped_classes}
    found = scene.class_fields.keeping({one.name for one in owners})
    return tuple(place for place, _ in found if place.path in paths)


DETECTOR = Detector(rank=99, kind=KIND, find=_find)
