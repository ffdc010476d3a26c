"""A name that is not defined: the line beside that binds the name which was probably meant."""

from __future__ import annotations

import re

from kit.causes.scene.nearest import nearest
from kit.causes.scene.scene import Scene
from kit.facts.failures import Group
from kit.facts.places import Location

_UNKNOWN = re.compile(r"^name '(?P<name>\w+)' is not defined")


def probably_meant(scene: Scene, group: Group) -> tuple[Location, ...]:
    """Where the class or the function around the line that failed binds a name like the unknown one."""
    found = _UNKNOWN.search(group.example) if group.signature.exception == "NameError" else None
    frames = [root.frames[-1] for root in scene.roots(group)[:1] if root.frames]
    if found is None or not frames or not scene.has_source:
        return ()
    bound = scene.declarations.bound_around(Location(frames[0].path, frames[0].line))
    meant = nearest(found["name"], bound)
    return (bound[meant],) if meant else ()
