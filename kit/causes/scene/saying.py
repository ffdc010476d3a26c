"""Which lines of the target share words and values with what the failing tests of a group say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kit.causes.scene.scene import Scene
from kit.facts.failures import Frame, Group
from kit.facts.places import Location
from kit.facts.suite import TestResult
from kit.failures import unexpected_values

#: what a value counts that a test found where it expected another, against a word of the line that failed
_FOUND = 2.0
#: what a word in the message of an exception counts
_TOLD = 1.5
#: what decides, in a model of a request, that the request is refused
_OF_MODELS = ("Field", "alias", "validator", "field_validator", "model_validator", "Query", "constr", "conint")
_WORD = re.compile(r"\b[A-Za-z_]\w{2,}")
#: below, two lines share no more than any two do
_TELLING = 1.4
_SHOWN = 2


def lines_that_say(scene: Scene, group: Group) -> tuple[Location, ...]:
    """The lines outside of tests that share most with what the tests of a group compare, each with what it depends on;
    empty where no line stands out.
    """
    if not scene.has_source:
        return ()
    found: dict[Location, float] = {}
    frames = dict.fromkeys(root.test for root in scene.roots(group) if root.test)
    for result, frame in zip(scene.results(group)[:1], frames, strict=False):
        for score, place in _scored(scene, group, result, frame)[:_SHOWN]:
            if score >= _TELLING:
                found[place] = max(score, found.get(place, 0.0))
    ordered = sorted(found, key=lambda place: (-found[place], place))
    return tuple(dict.fromkeys(line for place in ordered for line in _with_reasons(scene, place)))


def _scored(scene: Scene, group: Group, result: TestResult, frame: Frame) -> list[tuple[float, Location]]:
    reading = scene.declarations.reading
    starts, words = reading.of_test(frame.path, frame.function, frame.line)
    words |= dict.fromkeys(unexpected_values(group.example), _FOUND)
    if "422" in unexpected_values(group.example):
        words |= dict.fromkeys(_OF_MODELS, 1.0)
    if not group.category.startswith("assertion-"):
        words |= dict.fromkeys(_WORD.findall(group.example.partition("\n")[0]), _TOLD)
    return reading.said_at({*starts, *_around(scene, result, frame)}, words)


def _around(scene: Scene, result: TestResult, frame: Frame) -> Iterator[str]:
    """The names that fixtures of a test use, and the views that answer its requests."""
    for name in scene.fixtures_of.get(result.nodeid, ()):
        for place in scene.declarations.fixtures.get(name, ()):
            yield from scene.declarations.reading.of_test(place.path, name, place.line)[0]
    answering = scene.exercise.routes
    for request in scene.declarations.requests(frame.path, frame.function):
        yield from (route.function.rpartition(".")[2] for route in answering.answering(request))


def _with_reasons(scene: Scene, place: Location) -> tuple[Location, ...]:
    return (*scene.declarations.reading.reasons(place)[:1], place)
