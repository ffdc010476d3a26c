"""A name that is not defined, or that is Python's own for lack of another: the line that binds what was meant."""

from __future__ import annotations

import builtins
import re

from kit.causes.scene.nearest import nearest
from kit.causes.scene.scene import Scene
from kit.facts.failures import Group
from kit.facts.places import Location

_UNKNOWN = re.compile(r"^name '(?P<name>\w+)' is not defined")
_PYTHONS_OWN = re.compile(r"\bgot <(?:class '|built-in function )(?P<name>\w+)'?>")


def probably_meant(scene: Scene, group: Group) -> tuple[Location, ...]:
    """Where the class or the function around the line that failed binds a name like the unknown one. A library may
    refuse a name of Python (``type``, ``id``): then the line that reads it stands behind.
    """
    if not scene.has_source:
        return ()
    deepest_first = [frame for root in scene.roots(group)[:1] for frame in reversed(root.frames)]
    frames = [Location(frame.path, frame.line) for frame in deepest_first if frame.owner != "library"]
    if group.signature.exception == "NameError":
        found = _UNKNOWN.search(group.example)
        return _named_alike(scene, frames[0], found["name"]) if found and frames else ()
    given = _PYTHONS_OWN.search(group.example)
    if given is None or not hasattr(builtins, given["name"]):
        return ()
    for frame in frames:
        read, alike = scene.declarations.read_around(frame, given["name"]), _named_alike(scene, frame, given["name"])
        if read and alike:
            return (*alike, read)
    return ()


def _named_alike(scene: Scene, place: Location, name: str) -> tuple[Location, ...]:
    bound = scene.declarations.bound_around(place)
    meant = nearest(name, bound)
    return (bound[meant],) if meant else ()
