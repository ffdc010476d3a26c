"""Where attributes of mapped classes are declared that failing tests compare: no function of the app computes them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kit.causes.scene.saying import words_of
from kit.causes.scene.scene import Scene
from kit.causes.scene.spectrum import Suspect
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.failures import keys_found
from kit.inventory import role_of

#: what the statement that failed says itself
_OF_THE_STATEMENT = 1.0
_DELETES = frozenset({"delete", "remove", "clear", "pop", "discard"})
#: a function that comes this close to being executed by failing tests alone is the better suspect
_CLOSE = 0.5
_MOST = 2
#: a column that must have a value and got none
_NO_VALUE = re.compile(
    r"NOT NULL constraint failed: \w+\.(?P<sqlite>\w+)|null value in column \"(?P<postgres>\w+)\".* violates not-null"
)


def found_alone(scene: Scene, groups: Sequence[Group]) -> tuple[Location, ...]:
    """The fields of classes that an answer has and the expected one lacks, and the columns that got no value, in files
    that the tests of these groups use; empty where more places declare one.
    """
    lines: dict[Location, None] = {}
    for group in groups if scene.has_source else ():
        results = scene.results(group)
        paths = {path for path in scene.exercise.modules_of(results) if role_of(path) != "test"}
        keys = keys_found(group.example)
        if refused := _NO_VALUE.search(group.example):
            keys |= {refused["sqlite"] or refused["postgres"]}
            paths |= {result.path for result in results}
        lines.update(dict.fromkeys(scene.class_fields.named(keys, paths) if keys else ()))
    return tuple(lines) if len(lines) <= _MOST else ()


def declared(scene: Scene, group: Group, found: Sequence[Suspect]) -> tuple[Location, ...]:
    """The options of the mapped attributes that a test compares, and the cascades to the classes that it counts after a
    delete; none where a function tells the tests apart.
    """
    if not scene.has_source or (found and found[0].score >= _CLOSE):
        return ()
    words = words_of(scene, group)
    compared = {word for word, weight in words.items() if weight == _OF_THE_STATEMENT}
    mapped = {one.name for one in scene.inventory.mapped_classes}
    deletes = not _DELETES.isdisjoint(words)
    keeping = scene.class_fields.keeping(compared & mapped) if compared & mapped else ()
    cascades = tuple(place for place, is_said in keeping if is_said or deletes)
    return (*cascades, *scene.class_fields.shaping(compared))[:_MOST]
