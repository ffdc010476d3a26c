"""Failures that name one class, where several apps of a repository have a class of that name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kit.causes.scene.scene import Scene
from kit.facts.failures import Group
from kit.facts.inventory import MappedClass


@dataclass(frozen=True)
class Part:
    """Groups of failures, and the classes of the name in their messages that these tests can have met."""

    groups: tuple[Group, ...]
    classes: tuple[MappedClass, ...]


def apart(scene: Scene, groups: Sequence[Group], classes: Sequence[MappedClass]) -> list[Part]:
    """The groups, apart where what they went through or imported has no file with one of ``classes`` in common."""
    paths = {one.path for one in classes}
    if len(paths) < 2 or not groups:
        return [Part(tuple(groups), tuple(classes))]
    parts: list[tuple[list[Group], frozenset[str]]] = []
    for group in groups:
        near, together = _near(scene, group, paths), [group]
        for part in [part for part in parts if part[1] & near]:
            parts.remove(part)
            together, near = [*part[0], *together], near | part[1]
        parts.append((together, near))
    return [Part(tuple(some), tuple(one for one in classes if one.path in near)) for some, near in parts]


def _near(scene: Scene, group: Group, paths: set[str]) -> frozenset[str]:
    """Of these files, those that a failure went through; else those that its test files import; else all."""
    through = {frame.path for info in scene.chains(group) for frame in info.frames}
    if through & paths:
        return frozenset(through & paths)
    files = {result.path for result in scene.results(group)} | set(group.files)
    imported = frozenset[str]().union(*(scene.imported_by_tests.get(file, ()) for file in files))
    return frozenset(imported & paths or paths)
