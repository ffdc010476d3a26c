"""Failures without a word of it, where a file was imported under two names: each copy has its own classes and state."""

from __future__ import annotations

import re
from collections.abc import Collection

from kit import inventory as inventory_room
from kit.causes.scene.scene import Scene
from kit.facts.failures import Group
from kit.facts.places import Location

#: a class, or an object of one, as messages write it
_CLASS = re.compile(r"<(?:class ')?(?P<module>\w+(?:\.\w+)*)\.\w+(?: object\b|'>)")
#: what a copy that nothing has filled shows
_EMPTY = re.compile(r"\[\]|\{\}|\bset\(\)|\bdeque\(|defaultdict\([^)]*, \{\}\)|\b0 = len\(|\bNone\b|^assert False\b")
_LACKING = frozenset({"KeyError", "IndexError", "LookupError", "StopIteration"})
_WORD = re.compile(r"\w+")


def meets_its_twin(scene: Scene, group: Group, files: Collection[str]) -> bool:
    """Whether a group meets one copy of one of these files where it means the other, and both were imported."""
    for path in files:
        names = {name for name, where in scene.suite.loaded_modules.items() if where == path}
        if len(names) > 1 and (
            _names_both(group, names) or _is_not_caught(scene, group, names) or _finds_it_empty(scene, group, path)
        ):
            return True
    return False


def _names_both(group: Group, names: Collection[str]) -> bool:
    """Whether a message names the module in two ways, or says that an object of it is not an instance of some class."""
    told = {found["module"] for found in _CLASS.finditer(group.example)}.intersection(names)
    return len(told) > 1 or (bool(told) and "False = isinstance(<" in group.example)


def _is_not_caught(scene: Scene, group: Group, names: Collection[str]) -> bool:
    """Whether the exception is a class of one copy, and the code around expects one of that name: the other's."""
    state = inventory_room.ModuleState(scene.declarations.reading.trees)
    return all(
        any(
            state.expects(Location(frame.path, frame.line), info.type)
            for info in failure.chain
            if info.module in names
            for frame in info.frames
            if frame.owner != "library"
        )
        for failure in scene.failures_of(group)
    )


def _finds_it_empty(scene: Scene, group: Group, path: str) -> bool:
    """Whether the line that failed uses what the module keeps, or a function of it that does, and finds nothing."""
    if not (group.signature.exception in _LACKING or _EMPTY.search(group.example)):
        return False
    state = inventory_room.ModuleState(scene.declarations.reading.trees).names(path)
    frames = [own[-1] for root in scene.roots(group) if (own := [one for one in root.frames if one.owner != "library"])]
    lines = [(frame.path, scene.declarations.line(Location(frame.path, frame.line))) for frame in frames]
    return bool(lines) and all(
        state.intersection(_WORD.findall(line)) and (at == path or path in scene.imported_by_tests.get(at, ()))
        for at, line in lines
    )
