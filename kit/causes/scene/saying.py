"""Which lines of the target share words and values with what the failing tests of a group say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from kit.causes.scene.exercise import own_requests
from kit.causes.scene.fixtures_seen import fixtures_seen
from kit.causes.scene.scene import Scene
from kit.facts.failures import Frame, Group
from kit.facts.places import Location
from kit.facts.suite import TestResult
from kit.failures import differing_keys, unexpected_values, words_found

#: what an unexpected value counts, against a word of the line that failed
_FOUND = 2.0
#: what a word in the message of an exception counts
_TOLD = 1.5
#: what the words of the test count beside those of such a message
_BESIDE_TOLD = 0.4
#: what decides, in a model of a request, that the request is refused
_OF_MODELS = ("Field", "alias", "validator", "field_validator", "model_validator", "Query", "constr", "conint")
#: statuses: one of success comes of any line that answers, one of refusal of few
_SUCCESS, _REFUSAL = re.compile(r"[23]\d\d$"), re.compile(r"4\d\d$")
_WORD = re.compile(r"\b[A-Za-z_]\w{2,}")
#: below, two lines share no more than any two do
_TELLING = 1.4
_SHOWN = 2
_PARAMETERS = re.compile(r"\[(.*)\]$")
_PART = re.compile(r"[A-Za-z_]\w{2,}|\d+(?:\.\d+)?")


def lines_that_say(scene: Scene, group: Group) -> tuple[Location, ...]:
    """The lines outside of tests that share most with what the tests of a group compare, each with what it depends on;
    empty where no line stands out.
    """
    frame = next((root.test for root in scene.roots(group) if root.test), None)
    result = next(iter(scene.results(group)), None)
    if frame is None or result is None or not scene.has_source:
        return ()
    reading = scene.declarations.reading
    starts, words = _of(scene, group, result, frame)
    found = [place for score, place in reading.said_at(starts, words)[:_SHOWN] if score >= _TELLING]
    return tuple(dict.fromkeys(line for place in found for line in _with_reasons(scene, place, words)))


def words_of(scene: Scene, group: Group) -> dict[str, float]:
    """What the first test of a group says at the line that failed, around it and in its message, with weights."""
    frame = next((root.test for root in scene.roots(group) if root.test), None)
    result = next(iter(scene.results(group)), None)
    return _of(scene, group, result, frame)[1] if frame and result and scene.has_source else {}


def _of(scene: Scene, group: Group, result: TestResult, frame: Frame) -> tuple[set[str], dict[str, float]]:
    """The names that lead on from a test, and what it says, with weights."""
    starts, words = scene.declarations.reading.of_test(frame.path, frame.function, frame.line)
    found = unexpected_values(group.example)
    words |= {value: 0.0 if _SUCCESS.match(value) else _FOUND for value in found}
    if keys := differing_keys(group.example):
        words = {word: weight * _BESIDE_TOLD for word, weight in words.items()} | dict.fromkeys(keys, _FOUND)
    words |= dict.fromkeys(words_found(group.example), _TOLD)
    words |= dict.fromkeys(_parameters_apart(scene, group), _FOUND)
    if "422" in found:
        words |= dict.fromkeys(_OF_MODELS, 1.0)
    if group.signature.exception != "AssertionError":
        told = _WORD.findall(group.example.partition("\n")[0])
        words = {word: weight * _BESIDE_TOLD for word, weight in words.items()}
        words |= dict.fromkeys([*told, *(f"def {word}" for word in told)], _TOLD)
    return {*starts, *_around(scene, result, frame)}, words


def _parameters_apart(scene: Scene, group: Group) -> Iterator[str]:
    """What the parameters of all tests of a group say, and those of the passing tests of the same function do not."""
    results = scene.results(group)
    apart = frozenset.intersection(*(_parts(one.nodeid) for one in results)) if results else frozenset()
    if not apart:
        return
    functions = {one.nodeid.partition("[")[0] for one in results}
    passing = [
        one.nodeid
        for path in {one.path for one in results}
        for one in scene.passed_in.get(path, ())
        if one.nodeid.partition("[")[0] in functions
    ]
    for part in sorted(apart.difference(*map(_parts, passing))) if passing else ():
        yield part if part[0].isalpha() or part[0] == "_" else repr(part)
        if part.isdigit():
            yield part


def _parts(nodeid: str) -> frozenset[str]:
    found = _PARAMETERS.search(nodeid)
    return frozenset(_PART.findall(found[1])) if found else frozenset()


def _around(scene: Scene, result: TestResult, frame: Frame) -> Iterator[str]:
    """The names that fixtures of a test use, and the views that answer its requests."""
    for name in scene.fixtures_of.get(result.nodeid, ()):
        for place in fixtures_seen(scene, name, [result]):
            yield from scene.declarations.reading.of_test(place.path, name, place.line)[0]
    answering = scene.exercise.routes
    for request in own_requests(result, scene.declarations.requests(frame.path, frame.function)):
        yield from (route.function.rpartition(".")[2] for route in answering.answering(request))


def _with_reasons(scene: Scene, place: Location, words: Mapping[str, float]) -> tuple[Location, ...]:
    """A line with what decides there in front. One that holds a whole sentence which a test expects did not run: then
    what its condition calls comes before it.
    """
    reading = scene.declarations.reading
    reasons = reading.reasons(place)[:1]
    called = [line for reason in reasons for line in reading.called_in(reason)] if reading.quotes(place, words) else []
    return (*reasons, *called, place)


def refusing(scene: Scene, groups: Sequence[Group]) -> tuple[Location, ...]:
    """Where the data of refused requests (422) is checked: no function of the app has run by then."""
    refused = [group for group in groups if "422" in unexpected_values(group.example)]
    return tuple(dict.fromkeys(line for group in refused for line in lines_that_say(scene, group)))[:_SHOWN]


def answering_line(scene: Scene, group: Group) -> Location | None:
    """The one line within reach of a test that answers with the status which the test did not expect."""
    status = next((value for value in unexpected_values(group.example) if _REFUSAL.match(value)), None)
    frame = next((root.test for root in scene.roots(group) if root.test), None)
    result = next(iter(scene.results(group)), None)
    if status is None or frame is None or result is None or not scene.has_source:
        return None
    starts, _ = _of(scene, group, result, frame)
    found = scene.declarations.reading.said_at(starts, {status: 1.0})
    return found[0][1] if len(found) == 1 else None
