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

from kit.causes.paths import answers
from kit.causes.scene import Scene
from kit.facts.declarations import Routing
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.facts.suite import TestResult

#: with more answers than these, a request says little about who gave it
_MOST_ANSWERS = 3
#: so many definitions are told with the place of a failure
_SUSPICIOUS = 2
_PARAMETERS = re.compile(r"\[(.*)\]$")


def exercised(scene: Scene, group: Group) -> tuple[Location, ...]:
    """The definitions that the tests of a group exercise up to the line that failed, the most suspicious first."""
    failing = [tuple(_of_test(scene, result, _failed_at(scene, result))) for result in scene.results(group)]
    counts = Counter(place for places in failing for place in dict.fromkeys(places))
    if not counts:
        return ()
    order = {place: number for places in reversed(failing) for number, place in enumerate(places)}
    passed = Counter(place for places in _passing(scene) for place in places)

    def suspicion(place: Location) -> float:
        return counts[place] / sqrt(len(failing) * (counts[place] + passed[place]))

    return tuple(sorted(counts, key=lambda place: (-round(suspicion(place), 6), order[place], place)))


def where_to_look(scene: Scene, group: Group) -> tuple[Location, ...]:
    """Where the failures of a group were raised; where that is in tests only, also what these exercise most of all."""
    spots = scene.spots(group)
    if any(root.own for root in scene.roots(group)):
        return spots
    suspicious = exercised(scene, group)[:_SUSPICIOUS]
    return (*spots[:1], *suspicious, *spots[1:])


def routing_near(scene: Scene, group: Group) -> Routing:
    """The routes of the modules that the tests of a group import by name; where they do not, all: what an application
    lacks is in a module that they may not import.
    """
    routing = scene.declarations.routing
    near = {path for result in scene.results(group) for path in _by_name(scene, result)}
    routes = tuple(route for route in routing.routes if route.location.path in near)
    return replace(routing, routes=routes) if routes else routing


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
                seen[key] = frozenset(_of_test(scene, result, None))
            yield seen[key]


def _of_test(scene: Scene, result: TestResult, until: int | None) -> Iterator[Location]:
    declarations, function = scene.declarations, _function(result)
    near = _modules(scene, result)
    for request in reversed(declarations.requests(result.path, function)):
        if until is None or request.location.line <= until:
            found = [
                route
                for route in declarations.routing.routes
                if answers(route, request) and (not request.method or request.method in route.methods)
            ]
            found = [route for route in found if route.location.path in near] or found
            if len(found) <= _MOST_ANSWERS:
                yield from (replace(route.location, role="answers") for route in found)
    yield from declarations.called_in(result.path, function, until)
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
    return frozenset(named or loaded.values())


def _failed_at(scene: Scene, result: TestResult) -> int | None:
    """The line of the test's own function that failed."""
    failure = scene.failures.get(result.failure or "")
    function = _function(result)
    frames = [frame for info in failure.chain for frame in info.frames] if failure else []
    lines = [frame.line for frame in frames if frame.path == result.path and frame.function == function]
    return lines[-1] if lines else None


def _function(result: TestResult) -> str:
    return result.nodeid.partition("[")[0].rpartition("::")[2]


def _parameters(result: TestResult) -> str:
    found = _PARAMETERS.search(result.nodeid)
    return found[1] if found else ""
