"""The functions of the target that the failing tests of a group went through, as far as run and source tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from kit.causes.scene.scene import Scene
from kit.causes.scene.spectrum import Suspect
from kit.causes.scene.suspicion import exercised, exercised_by_failing
from kit.facts.failures import Group
from kit.facts.places import Location

T = TypeVar("T")

#: what tells no function
_NO_FUNCTION = frozenset({"imported"})
#: of the tests of a group, the functions of this many are looked at themselves
_MOST_TESTS = 20


def found_in_reached(
    scene: Scene, group: Group, executed: Iterable[Suspect], ask: Callable[[Location], T | None]
) -> T | None:
    """The first answer to a question about the functions that a group went through: those of its traceback, those that
    its tests call or were seen to execute (``executed``), and what these call. Where several functions answer
    differently, the most suspicious one counts. Only this needs to know what passing tests call, which takes long.
    """
    suspects = tuple(executed)
    places = _reached(scene, group, exercised_by_failing(scene, group), suspects)
    answers = {place: answer for place in places if (answer := ask(place)) is not None}
    if len(set(answers.values())) > 1:
        ordered = _reached(scene, group, exercised(scene, group), suspects)
        return next(answers[place] for place in ordered if place in answers)
    return next(iter(answers.values()), None)


def _reached(
    scene: Scene, group: Group, exercised: Iterable[Location], executed: Iterable[Suspect]
) -> Iterator[Location]:
    roots = scene.roots(group)
    tests = set(islice(dict.fromkeys(root.test for root in roots if root.test), _MOST_TESTS))
    frames = (frame for root in roots for frame in (root.own, root.test if root.test in tests else None) if frame)
    near = [Location(frame.path, frame.line) for frame in frames]
    called = [place for place in exercised if place.role not in _NO_FUNCTION]
    further = [place for one in called for place in scene.declarations.called_from(one)]
    yield from dict.fromkeys((*near, *called, *(suspect.place for suspect in executed), *further))
