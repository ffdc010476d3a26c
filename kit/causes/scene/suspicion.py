"""What tests exercise of the target, as far as source tells: where to look when no traceback leads there.

A test that compares two values fails in itself. What it called before, and who answered its requests, is then the
nearest to a place; what passing tests exercise too is less suspicious (Ochiai's coefficient, on definitions).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kit.causes.scene.compared import computing, lines_within, sets_apart
from kit.causes.scene.declared_values import declared, found_alone
from kit.causes.scene.exercise import folder_of, function_of, spread
from kit.causes.scene.fixtures_seen import fixtures_seen
from kit.causes.scene.ochiai import ochiai
from kit.causes.scene.route_table import RouteTable
from kit.causes.scene.saying import lines_that_say, refusing
from kit.causes.scene.scene import Scene
from kit.causes.scene.spectrum import Suspect
from kit.causes.scene.suspected_lines import lines_behind, suspected_lines
from kit.causes.scene.unknown_name import probably_meant
from kit.causes.scene.written import writing
from kit.facts.declarations import Request
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.facts.suite import TestResult

#: of a larger group this many tests show what all of them exercise
_MOST_FAILING = 50
#: at most this many definitions are named beside the place of a failure
_SUSPICIOUS = 2
#: at most this many lines stand before the place of a failure
_FIRST = 3
#: at most this many lines that a condition depends on stand behind it
_BEHIND = 2
#: such a value was made before the line that stumbles over it
_MADE_ELSEWHERE = re.compile(r"^'(?:NoneType|coroutine)' object ")
#: so is one of which the line expects another class
_OF_ANOTHER_KIND = re.compile(r"object (?:'\w+' )?has no attribute '")
_LACKED = re.compile(r"^'\w+' object has no attribute '(?P<name>\w+)'")
_READ_OF_NOTHING = re.compile(r"^'NoneType' object has no attribute '(?P<name>\w+)'")
#: such an error is of the line that raised it, whatever else ran
_OF_THE_LINE = frozenset({"NameError", "UnboundLocalError"})
#: so is one of a call that a test makes to a library which does not take its arguments
_ARGUMENTS = re.compile(
    r"unexpected keyword argument|multiple values for|arguments? but \d+ (?:was|were) given|missing \d+ required"
    r"|^Additional arguments should be named"
)
#: a coefficient from here on tells one definition apart
_TELLING = 0.9


def exercised_by_failing(scene: Scene, group: Group) -> frozenset[Location]:
    """The same definitions in no order: this takes no look at the passing tests, of which there may be thousands."""
    return frozenset(place for places in _of_each_failing(scene, group) for place in places)


def exercised(scene: Scene, group: Group) -> tuple[Location, ...]:
    """The definitions that the tests of a group exercise up to the line that failed, the most suspicious first."""
    return tuple(place for place, _ in _by_suspicion(scene, group))


def suspected(scene: Scene, group: Group) -> Location | None:
    """The one definition that all but tells the tests of a group from the passing ones: what computes the value that
    they compare, else what they exercise. ``None`` without such a one.
    """
    if any(root.own for root in scene.roots(group)):
        return None
    computed = computing(scene, group)
    if computed and sets_apart(scene, group):
        return computed
    return next((place for place, score in _by_suspicion(scene, group) if score >= _TELLING), None)


def _by_suspicion(scene: Scene, group: Group) -> list[tuple[Location, float]]:
    known = scene.exercise.by_group
    if group.id not in known:
        known[group.id] = _in_order(scene, group)
    return known[group.id]


def _in_order(scene: Scene, group: Group) -> list[tuple[Location, float]]:
    results, failing = scene.results(group), _of_each_failing(scene, group)
    counts = Counter(place for places in failing for place in dict.fromkeys(places))
    if not counts:
        return []
    order = {place: number for places in reversed(failing) for number, place in enumerate(places)}
    passed = scene.exercised_by_passing
    part = len(results) / len(failing)
    scores = {place: ochiai(count * part, len(results), passed[place]) for place, count in counts.items()}
    return sorted(scores.items(), key=lambda item: (-round(item[1], 6), order[item[0]], item[0]))


def _of_each_failing(scene: Scene, group: Group) -> list[tuple[Location, ...]]:
    return [tuple(_of_failing(scene, result)) for result in spread(scene.results(group), _MOST_FAILING)]


def where_to_look(scene: Scene, group: Group, found: Sequence[Suspect] = ()) -> tuple[Location, ...]:
    """Where the failures of a group were raised, and the condition that led there. Where that is in tests only, what
    these compare and exercise most of all; where a fixture failed without a line of its own, the fixture. ``found`` are
    the functions that its tests were seen to execute, and passing ones hardly.
    """
    if any(root.own for root in scene.roots(group)):
        return _where_raised(scene, group, found)
    spots, written = scene.spots(group), writing(scene, group, found)
    computed = computing(scene, group)
    suspicious = [place for place in exercised(scene, group) if place != computed]
    places = [*((computed,) if computed else ()), *suspicious][:_SUSPICIOUS]
    lines = [line for place in places for line in lines_within(scene, place, group)]
    saying = lines_that_say(scene, group)
    if lines and lines[0].role in ("answers", "imported"):
        lines = lines[1:] if len(saying) > 1 else lines
    before = (*_failed_fixtures(scene, group), *_warned(scene, group), *written, *_raised_in_tests(scene, group))
    before += probably_meant(scene, group)
    before += found_alone(scene, [group])
    if executed := suspected_lines(scene, [group], found, (*lines, *saying)):
        return (
            *before,
            *refusing(scene, [group]),
            *declared(scene, group, found),
            *executed[:_FIRST],
            *spots[:1],
            *lines,
            *saying,
            *spots[1:],
        )
    return (*before, *spots[:1], *lines[:1], *saying, *lines[1:], *spots[1:])


def _where_raised(scene: Scene, group: Group, found: Sequence[Suspect]) -> tuple[Location, ...]:
    """The in-app line that raised, with what led there."""
    spots = scene.spots(group)
    decided = scene.declarations.decided_at(spots[0].path, spots[0].line)
    made = scene.declarations.reading.made(spots[0]) if _MADE_ELSEWHERE.search(group.example) else ()
    read = _READ_OF_NOTHING.search(group.example)
    emptied = scene.mapped_source.emptied(spots[0], read["name"]) if read else ()
    if decided and scene.declarations.line(spots[0]).lstrip().startswith("raise "):  # on purpose
        reasons = (*decided, *lines_behind(scene, group, spots[0])[:_BEHIND], *spots[:1])
    else:
        asked = scene.suspect_lines.asked_for_none(spots[0]) if "NoneType" in group.example else ()
        chosen = scene.suspect_lines.chosen(spots[0]) if _OF_ANOTHER_KIND.search(group.example) else ()
        reasons = (
            *emptied,
            *spots[:1],
            *probably_meant(scene, group),
            *asked[:_BEHIND],
            *_handed_on(scene, group),
            *made,
            *decided,
            *chosen[:_BEHIND],
        )
    before = (*_warned(scene, group), *writing(scene, group, found))
    return (*before, *reasons, *_executed_apart(scene, group, found), *spots[1:])


def _handed_on(scene: Scene, group: Group) -> tuple[Location, ...]:
    """Where a value was made that lacks an attribute, and that parameters have handed on to the line that failed."""
    lacking = _LACKED.search(group.example)
    root = next((root for root in scene.roots(group) if root.own), None)
    if lacking is None or root is None or not scene.has_source:
        return ()
    own = [Location(frame.path, frame.line) for frame in reversed(root.frames) if frame.owner == "own"]
    return scene.suspect_lines.handed_on(own, lacking["name"])[: 1 + _BEHIND]


def _executed_apart(scene: Scene, group: Group, found: Sequence[Suspect]) -> tuple[Location, ...]:
    """The likeliest line, beside the one that raised, of the functions that set the tests of a group apart."""
    raised = scene.spots(group)[0]
    lines = suspected_lines(scene, [group], found, ())
    return tuple(line for line in lines if (line.path, line.line) != (raised.path, raised.line))[:1]


def is_refused_call(group: Group) -> bool:
    """Whether the failures are that a call has other arguments than what it calls takes."""
    return group.signature.exception == "TypeError" and _ARGUMENTS.search(group.example) is not None


def _raised_in_tests(scene: Scene, group: Group) -> tuple[Location, ...]:
    """The line of a test, or of what it is made of, that raises by itself: an error of its own, an unknown name, or a
    call of a library that refuses its arguments.
    """
    if is_refused_call(group):
        calling = (root.test for root in scene.roots(group)[:1] if root.test and not root.own)
        return tuple(Location(frame.path, frame.line, "raised") for frame in calling)
    frames = [root.frames[-1] for root in scene.roots(group)[:1] if root.frames]
    raised = (Location(frame.path, frame.line, "raised") for frame in frames if frame.owner == "test")
    is_own = group.signature.exception in _OF_THE_LINE
    return tuple(one for one in raised if is_own or scene.declarations.line(one).lstrip().startswith("raise "))


def _warned(scene: Scene, group: Group) -> tuple[Location, ...]:
    """Where SQLAlchemy warned of the target's own mappers, for failures that SQLAlchemy raised."""
    if not any(info.module.startswith("sqlalchemy.") for info in scene.chains(group)):
        return ()
    mapped = {one.path for one in scene.inventory.mapped_classes}
    warnings = (one for one in scene.suite.warnings if one.category == "SAWarning" and one.nodeid is None)
    return tuple(Location(one.path, one.line or 1, "warned") for one in warnings if one.path in mapped)


def _failed_fixtures(scene: Scene, group: Group) -> tuple[Location, ...]:
    """The fixtures that failed and show no line of the target."""
    if scene.frames(group):
        return ()
    names = dict.fromkeys(failure.fixture for failure in scene.failures_of(group) if failure.fixture)
    results = scene.results(group)
    return tuple(place for name in names for place in fixtures_seen(scene, name, results))


def routes_near(scene: Scene, group: Group) -> RouteTable:
    """The routes of the modules that the tests of a group import by name and of what lies beside and below these, but
    for the modules that other parameters name; where no test imports by name, all.
    """
    table = scene.exercise.routes
    near: set[str] = set()
    others: set[str] = set()
    for result in scene.results(group):
        near |= scene.exercise.by_name(result)
        others.update(*scene.declarations.loaded_by_name(result.path).values())
    if not near:
        return table
    routing = table.routing
    beside = {folder_of(path) for path in near}
    others = {path for path in others if folder_of(path) in beside}
    folders = tuple(f"{folder}/" for folder in beside)
    around = [route.location.path for route in routing.routes if route.location.path.startswith(folders)]
    paths = near.union(path for path in around if path not in others)
    routes = tuple(route for route in routing.routes if route.location.path in paths)
    return RouteTable(replace(routing, routes=routes)) if routes else table


def routes_for(scene: Scene, group: Group, request: Request) -> RouteTable:
    """The routes of the modules that the tests of a group import, where one of these has the path that is requested, or
    its end, and they include no router of another module; else those near the tests.
    """
    own = scene.exercise.modules_of(scene.results(group))
    near = routes_near(scene, group)
    routing = near.routing
    routers = (one for one in routing.routers if one.location.path not in own)
    if any(place.path in own for router in routers for place in router.included):
        return near
    table = RouteTable(replace(routing, routes=tuple(one for one in routing.routes if one.location.path in own)))
    return table if table.answering(request) or table.ending_like(request.path) else near


def _of_failing(scene: Scene, result: TestResult) -> Iterator[Location]:
    """What the functions of tests that the failure went through exercise, the deepest first; else the test's own."""
    failure = scene.failures.get(result.failure or "")
    frames = [frame for info in failure.chain for frame in info.frames if frame.owner == "test"] if failure else []
    for frame in reversed(frames):
        yield from scene.exercise.of_function(result, frame.path, frame.function, frame.line)
    if not frames:
        yield from scene.exercise.of_function(result, result.path, function_of(result), None)
