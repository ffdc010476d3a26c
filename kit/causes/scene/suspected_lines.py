"""The lines that are most likely wrong, of what failing tests were seen to execute and passing ones hardly were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kit.causes.scene.saying import words_of
from kit.causes.scene.scene import Scene
from kit.causes.scene.spectrum import Suspect
from kit.facts.failures import Group
from kit.facts.places import Location

#: the lines that a reader sees first, and how near to the first one a value is that has to be among them
_SHOWN, _NEAR = 3, 0.4
#: the least closeness of a function with lines that failing tests alone run
_OWN_LINES = 0.7
#: how much it adds to a line that the source alone leads there too
_HINTED = 0.8


def suspects(scene: Scene, groups: Sequence[Group]) -> dict[str, tuple[Suspect, ...]]:
    """By id of a group: the functions that set its tests apart; ``groups`` are those that nothing explains."""
    return scene.spectrum.explain({group.id: group.failure_ids for group in groups})


def suspected_lines(
    scene: Scene, groups: Sequence[Group], found: Iterable[Suspect], hints: Iterable[Location]
) -> tuple[Location, ...]:
    """The lines of these functions, the most likely first for these groups; where the source was not read, the
    functions. ``hints`` are lines that the source alone leads to.
    """
    if not scene.has_source:
        return tuple(_without_source(scene, groups, found))
    words: dict[str, float] = {}
    for group in groups:
        for word, weight in words_of(scene, group).items():
            words[word] = max(weight, words.get(word, 0.0))
    failures = frozenset(failure for group in groups for failure in group.failure_ids)
    hinted = {(place.path, place.line) for place in hints}
    scores: dict[Location, float] = {}
    functions = {suspect.place: suspect.score for suspect in found}
    for function in _with_lines_of_their_own(scene, failures):
        functions[function] = max(_OWN_LINES, functions.get(function, 0.0))
    for function, closeness in functions.items():
        statements = scene.suspect_lines.statements_of(function)
        apart = scene.spectrum.lines_apart(failures, function, statements)
        idle = {(function.path, line) for one in statements if not apart.get(one.start, 1.0) for line in one}
        for score, place in scene.suspect_lines.lines_of(function, words, apart):
            more = _HINTED if (place.path, place.line) in hinted - idle else 0.0
            scores[place] = max(closeness * (score + more), scores.get(place, 0.0))
    ordered = sorted(scores, key=lambda place: (-round(scores[place], 6), place))
    return _with_a_setting(scene, ordered, scores)


def _without_source(scene: Scene, groups: Sequence[Group], found: Iterable[Suspect]) -> Iterator[Location]:
    """The functions, each behind the first of its lines that failing tests alone run."""
    failures = frozenset(failure for group in groups for failure in group.failure_ids)
    for suspect in found:
        yield from scene.spectrum.lines_alone_in(failures, suspect.place)[:1]
        yield suspect.place


def _with_a_setting(
    scene: Scene, ordered: Sequence[Location], scores: Mapping[Location, float]
) -> tuple[Location, ...]:
    """The lines; the best of the plain values that they read is at least the third, unless it is far behind."""
    if not ordered:
        return ()
    plain = (place for place in ordered if scene.suspect_lines.is_plain_value(place))
    value = next(plain, None)
    if value is None or value in ordered[:_SHOWN] or scores[value] < _NEAR * scores[ordered[0]]:
        return tuple(ordered)
    others = [place for place in ordered if place != value]
    return (*others[: _SHOWN - 1], value, *others[_SHOWN - 1 :])


def _with_lines_of_their_own(scene: Scene, failures: frozenset[str]) -> tuple[Location, ...]:
    """The functions that passing tests execute too, but not the lines that all failing ones run."""
    places = scene.spectrum.lines_alone(failures)
    functions = (scene.declarations.reading.trees.function_at(place) for place in places)
    return tuple(
        dict.fromkeys(
            Location(place.path, function.lineno, "executed")
            for place, function in zip(places, functions, strict=True)
            if function is not None
        )
    )


def lines_behind(scene: Scene, group: Group, raised: Location) -> tuple[Location, ...]:
    """The lines that the condition above a ``raise`` depends on, the most likely first."""
    words = words_of(scene, group)
    return tuple(place for _, place in scene.suspect_lines.behind(raised, words))
