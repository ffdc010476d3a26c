"""What tests exercise of the target, as far as source tells: where to look when no traceback leads there.

A test that compares two values fails in itself. What it called before, and who answered its requests, is then the
nearest to a place; what passing tests exercise too is less suspicious (Ochiai's coefficient, on definitions).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from math import sqrt
from typing import TYPE_CHECKING

from kit.causes.paths import answers
from kit.facts.declarations import Routing
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.facts.suite import TestResult

if TYPE_CHECKING:
    from kit.causes.scene import Scene

#: with more answers than these, a request says little about who gave it
_MOST_ANSWERS = 3
#: so many definitions are told with the place of a failure
_SUSPICIOUS = 2
#: a coefficient from here on tells one definition apart
_TELLING = 0.9
_NAMED_AS_TEST = re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$")
_PARAMETERS = re.compile(r"\[(.*)\]$")


def exercised(scene: Scene, group: Group) -> tuple[Location, ...]:
    """The definitions that the tests of a group exercise up to the line that failed, the most suspicious first."""
    return tuple(place for place, _ in _by_suspicion(scene, group))


def suspected(scene: Scene, group: Group) -> Location | None:
    """The one definition that all but tells the tests of a group from the passing ones; ``None`` without such a one."""
    ranked = _by_suspicion(scene, group)
    tells = [place for place, score in ranked if score >= _TELLING]
    return tells[0] if tells and not any(root.own for root in scene.roots(group)) else None


def _by_suspicion(scene: Scene, group: Group) -> list[tuple[Location, float]]:
    failing = [tuple(_of_failing(scene, result)) for result in scene.results(group)]
    counts = Counter(place for places in failing for place in dict.fromkeys(places))
    if not counts:
        return []
    order = {place: number for places in reversed(failing) for number, place in enumerate(places)}
    passed = scene.exercised_by_passing
    scores = {place: count / sqrt(len(failing) * (count + passed[place])) for place, count in counts.items()}
    return sorted(scores.items(), key=lambda item: (-round(item[1], 6), order[item[0]], item[0]))


def where_to_look(scene: Scene, group: Group) -> tuple[Location, ...]:
    """Where the failures of a group were raised; where that is in tests only, also what these exercise most of all."""
    spots = scene.spots(group)
    if any(root.own for root in scene.roots(group)):
        return spots
    suspicious = exercised(scene, group)[:_SUSPICIOUS]
    return (*spots[:1], *suspicious, *spots[1:])


def routing_near(scene: Scene, group: Group) -> Routing:
    """The routes of the modules that the tests of a group import by name and of what lies beside and below these, but
    for the modules that other parameters name; where no test imports by name, all.
    """
    routing = scene.declarations.routing
    near: set[str] = set()
    others: set[str] = set()
    for result in scene.results(group):
        near |= _by_name(scene, result)
        others.update(scene.declarations.loaded_by_name(result.path).values())
    beside = {_folder(path) for path in near}
    others = {path for path in others if _folder(path) in beside}
    folders = tuple(f"{folder}/" for folder in beside)
    around = [route.location.path for route in routing.routes if route.location.path.startswith(folders)]
    paths = near.union(path for path in around if path not in others)
    routes = tuple(route for route in routing.routes if route.location.path in paths)
    return replace(routing, routes=routes) if routes else routing


def count_passing(scene: Scene) -> Counter[Location]:
    """By definition: how many passing tests exercise it."""
    return Counter(place for places in _passing(scene) for place in places)


def _passing(scene: Scene) -> Iterator[frozenset[Location]]:
    """What each passing test exercises; tests of one function and one set of parameters share the look."""
    seen: dict[tuple[str, str, str], frozenset[Location]] = {}
    for result in scene.suite.results:
        if result.outcome == "passed":
            key = (
                result.path,
                _function(result),
                _parameters(result) if scene.declarations.loaded_by_name(result.path) else "",
            )
            if key not in seen:
                seen[key] = frozenset(_of_function(scene, result, result.path, _function(result), None))
            yield seen[key]


def _of_failing(scene: Scene, result: TestResult) -> Iterator[Location]:
    """What the functions of tests that the failure went through exercise, the deepest first; else the test's own."""
    failure = scene.failures.get(result.failure or "")
    frames = [frame for info in failure.chain for frame in info.frames if frame.owner == "test"] if failure else []
    for frame in reversed(frames):
        yield from _of_function(scene, result, frame.path, frame.function, frame.line)
    if not frames:
        yield from _of_function(scene, result, result.path, _function(result), None)


def _of_function(scene: Scene, result: TestResult, path: str, function: str, until: int | None) -> Iterator[Location]:
    """What one function of a test exercises up to a line, the last first."""
    declarations = scene.declarations
    near = _modules(scene, result)
    for request in reversed(declarations.requests(path, function)):
        if until is None or request.location.line <= until:
            found = [route for route in declarations.routing.routes if answers(route, request)]
            found = [route for route in found if route.location.path in near] or found
            found = [route for route in found if _folder(route.location.path) == _folder(path)] or found
            found = [route for route in found if not request.method or request.method in route.methods] or found
            if len(found) <= _MOST_ANSWERS:
                yield from (replace(route.location, role="answers") for route in found)
    yield from declarations.called_in(path, function, until)
    by_name = _by_name(scene, result)
    if len(by_name) == 1:
        yield from (Location(path, 1, "imported") for path in by_name)


def _modules(scene: Scene, result: TestResult) -> Collection[str]:
    """The paths of the modules that a test imports: those put together by name where there are any."""
    return _by_name(scene, result) or scene.imported_by_tests.get(result.path, frozenset())


def _by_name(scene: Scene, result: TestResult) -> frozenset[str]:
    """Of the modules that a file imports by name those that the test's parameters name; else all."""
    loaded = scene.declarations.loaded_by_name(result.path)
    parameters = _parameters(result)
    named = {path for name, path in loaded.items() if name in (parameters, *parameters.split("-"))}
    return frozenset(path for path in named or loaded.values() if not _NAMED_AS_TEST.search(path))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _function(result: TestResult) -> str:
    return result.nodeid.partition("[")[0].rpartition("::")[2]


def _parameters(result: TestResult) -> str:
    found = _PARAMETERS.search(result.nodeid)
    return found[1] if found else ""
