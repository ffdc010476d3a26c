"""The lines that are most likely wrong, of what failing tests were seen to execute and passing ones hardly were."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kit.causes.scene.saying import words_of
from kit.causes.scene.scene import Scene
from kit.causes.scene.spectrum import Suspect
from kit.facts.failures import Group
from kit.facts.places import Location

#: how much it adds to a line that the source alone leads there too
_HINTED = 0.8


def suspects(scene: Scene, groups: Sequence[Group]) -> dict[str, tuple[Suspect, ...]]:
    """By id of a group: the functions that set its tests apart; ``groups`` are those that nothing explains."""
    return scene.spectrum.explain({group.id: group.failure_ids for group in groups})


def suspected_lines(
    scene: Scene, group: Group, found: Iterable[Suspect], hints: Iterable[Location]
) -> tuple[Location, ...]:
    """The lines of these functions, the most likely first; where the source was not read, the functions. ``hints`` are
    lines that the source alone leads to.
    """
    if not scene.has_source:
        return tuple(suspect.place for suspect in found)
    words = words_of(scene, group)
    hinted = {(place.path, place.line) for place in hints}
    scores: dict[Location, float] = {}
    for suspect in found:
        for score, place in scene.suspect_lines.lines_of(suspect.place, words):
            more = _HINTED if (place.path, place.line) in hinted else 0.0
            scores[place] = max(suspect.score * (score + more), scores.get(place, 0.0))
    return tuple(sorted(scores, key=lambda place: (-round(scores[place], 6), place)))


def lines_behind(scene: Scene, group: Group, raised: Location) -> tuple[Location, ...]:
    """The lines that the condition above a ``raise`` depends on, the most likely first."""
    words = words_of(scene, group)
    return tuple(place for _, place in scene.suspect_lines.behind(raised, words))
