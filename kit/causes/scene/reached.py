"""The functions of the target that the failing tests of a group went through, as far as run and source tell."""

from __future__ import annotations

from collections.abc import Iterable

from kit.causes.scene.scene import Scene
from kit.causes.scene.spectrum import Suspect
from kit.causes.scene.suspicion import exercised
from kit.facts.failures import Group
from kit.facts.places import Location

#: what tells no function
_NO_FUNCTION = frozenset({"imported"})


def functions_reached(scene: Scene, group: Group, found: Iterable[Suspect]) -> tuple[Location, ...]:
    """Those of the traceback, those that its tests call or were seen to execute (``found``), and what these call."""
    frames = [frame for root in scene.roots(group) for frame in (root.own, root.test) if frame]
    near = [Location(frame.path, frame.line) for frame in frames]
    called = [place for place in exercised(scene, group) if place.role not in _NO_FUNCTION]
    further = [place for one in called for place in scene.declarations.called_from(one)]
    return tuple(dict.fromkeys((*near, *called, *(suspect.place for suspect in found), *further)))
