"""Which of many places are near the tests that fail: those of what they import, then those beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kit.causes.scene.exercise import folder_of
from kit.causes.scene.scene import Scene
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.inventory import role_of


def near_first(scene: Scene, groups: Sequence[Group], places: Iterable[Location]) -> tuple[Location, ...]:
    """First what the tests of these groups import and what lies beside it, tests last; else the order is kept."""
    own = scene.exercise.modules_of(scene.results(*groups))
    folders = {folder_of(path) for path in own}

    def distance(place: Location) -> tuple[bool, bool, bool]:
        is_far = folder_of(place.path) not in folders
        return role_of(place.path) == "test", place.path not in own, is_far

    return tuple(sorted(places, key=distance))
