"""What tests compare: the definition that computes it, and the line that writes it down."""

from __future__ import annotations

import re

from kit.causes.scene.exercise import function_of
from kit.causes.scene.ochiai import ochiai
from kit.causes.scene.scene import Scene
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.failures import unexpected_values

#: ``where 8 = <shop.pages.Page object at 0x7f>.first``
_COMPUTED = re.compile(
    r"^ \+ +where [^\n]* = (?:<(?P<object>[\w.]+)\b[^<>\n]*>|(?P<data>[\w.]+)\([^\n]*\))\.(?P<name>\w+)$", re.MULTILINE
)
#: a coefficient from here on: more tests that read the attribute fail than pass
_TELLING = 0.7


def computing(scene: Scene, group: Group) -> Location | None:
    """The method or property of the target that computes what a group compares."""
    found = _computed(group)
    return scene.declarations.method(*found) if found else None


def sets_apart(scene: Scene, group: Group) -> bool:
    """Whether few of the tests in these files that read the compared value pass (Ochiai's coefficient)."""
    found = _computed(group)
    files = {result.path for result in scene.results(group)}
    passed = [result for file in files for result in scene.passed_in.get(file, ())]
    reads = scene.declarations.attributes_read
    reading = sum(found is not None and found[1] in reads(one.path, function_of(one)) for one in passed)
    return ochiai(group.count, group.count, reading) >= _TELLING


def _computed(group: Group) -> tuple[str, str] | None:
    """The class and the name of what an assertion reads."""
    found = _COMPUTED.search(group.example) if group.category.startswith("assertion-") else None
    return ((found["object"] or found["data"]).rpartition(".")[2], found["name"]) if found else None


def lines_within(scene: Scene, place: Location, *groups: Group) -> tuple[Location, ...]:
    """A definition, with the line of it in front that writes down what these groups found, and what decides there; else
    with such a line of what it calls.
    """
    values = frozenset[str]().union(*(unexpected_values(group.example) for group in groups))
    for definition in (place, *scene.declarations.called_from(place)) if values else ():
        for written in scene.declarations.values_in(definition, values)[:1]:
            return (written, *scene.declarations.decided_at(written.path, written.line), place)
    return (*(scene.declarations.reading.short_body(place) if place.role != "answers" else ()), place)
