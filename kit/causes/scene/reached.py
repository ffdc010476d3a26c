"""The functions of the target that the failing tests of a group went through, as far as run and source tell."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from kit.causes.scene.scene import Scene
from kit.causes.scene.spectrum import Suspect
from kit.causes.scene.suspicion import exercised
from kit.facts.failures import Group
from kit.facts.places import Location

#: what tells no function
_NO_FUNCTION = frozenset({"imported"})
#: of the tests of a group, the functions of this many are looked at themselves
_MOST_TESTS = 20


def functions_reached(scene: Scene, group: Group, found: Iterable[Suspect]) -> tuple[Location, ...]:
    """Those of the traceback, those that its tests call or were seen to execute (``found``), and what these call."""
    roots = scene.roots(group)
    tests = set(islice(dict.fromkeys(root.test for root in roots if root.test), _MOST_TESTS))
    frames = (frame for root in roots for frame in (root.own, root.test if root.test in tests else None) if frame)
    near = [Location(frame.path, frame.line) for frame in frames]
    called = [place for place in exercised(scene, group) if place.role not in _NO_FUNCTION]
    further = [place for one in called for place in scene.declarations.called_from(one)]
    return tuple(dict.fromkeys((*near, *called, *(suspect.place for suspect in found), *further)))
