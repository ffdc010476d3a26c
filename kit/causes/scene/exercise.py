"""What one test exercises of the target, as far as source tells: what answers its requests, what it calls, imports."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kit import inventory as inventory_room
from kit.causes.scene.route_table import RouteTable
from kit.facts.declarations import Request
from kit.facts.places import Location
from kit.facts.suite import TestResult

#: with more answers than these, a request says little about who gave it
_MOST_ANSWERS = 3
_NAMED_AS_TEST = re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$")
#: of more passing tests this many show what all of them exercise
_MOST_PASSING = 20_000
_PARAMETERS = re.compile(r"\[(.*)\]$")


@dataclass(frozen=True)
class Exercise:
    """What tests exercise. ``imported_by_tests`` are the paths that each test file imports, directly or not."""

    declarations: inventory_room.Declarations
    imported_by_tests: Mapping[str, frozenset[str]]

    @cached_property
    def routes(self) -> RouteTable:
        """All routes of the target's applications."""
        return RouteTable(self.declarations.routing)

    @cached_property
    def by_group(self) -> dict[str, list[tuple[Location, float]]]:
        """What the tests of a group exercise, with its suspicion, by the group's id: kept, as several detectors ask."""
        return {}

    def by_definition(self, results: Sequence[TestResult]) -> Counter[Location]:
        """How many of these tests exercise each definition; where they are very many, by a part of them."""
        looked = spread(results, _MOST_PASSING)
        counts = Counter(place for places in self._of_each(looked) for place in places)
        if len(looked) == len(results):
            return counts
        return Counter({place: round(count * len(results) / len(looked)) for place, count in counts.items()})

    def _of_each(self, results: Iterable[TestResult]) -> Iterator[frozenset[Location]]:
        """What each test exercises; tests of one function and one set of parameters share the look."""
        seen: dict[tuple[str, str, str], frozenset[Location]] = {}
        for result in results:
            parameters = _parameters(result) if self.declarations.loaded_by_name(result.path) else ""
            key = result.path, function_of(result), parameters
            if key not in seen:
                seen[key] = frozenset(self.of_function(result, result.path, function_of(result), None))
            yield seen[key]

    def of_function(self, result: TestResult, path: str, function: str, until: int | None) -> Iterator[Location]:
        """What one function of a test exercises up to a line, the last first."""
        near = self.modules(result)
        for request in reversed(own_requests(result, self.requests(path, function))):
            if until is None or request.location.line <= until:
                found = self.routes.answering(request)
                found = [route for route in found if route.location.path in near] or found
                found = [route for route in found if folder_of(route.location.path) == folder_of(path)] or found
                found = [route for route in found if not request.method or request.method in route.methods] or found
                if len(found) <= _MOST_ANSWERS:
                    yield from (replace(route.location, role="answers") for route in found)
        yield from self.declarations.called_in(path, function, until)
        by_name = self.by_name(result)
        if len(by_name) == 1:
            yield from (Location(path, 1, "imported") for path in by_name)

    def requests(self, path: str, function: str) -> Sequence[Request]:
        """The requests that a function of a test makes; none where the target has no route, so nothing is read then."""
        return self.declarations.requests(path, function) if self.routes.routing.routes else ()

    def modules(self, result: TestResult) -> Collection[str]:
        """The paths of the modules that a test imports: those put together by name where there are any."""
        return self.by_name(result) or self.imported_by_tests.get(result.path, frozenset())

    def modules_of(self, results: Iterable[TestResult]) -> frozenset[str]:
        """The same of several tests; those of one file import the same, unless it imports by name."""
        by_name = self.declarations.loaded_by_name
        different = {(one.path, one.nodeid if by_name(one.path) else ""): one for one in results}
        return frozenset[str]().union(*map(self.modules, different.values()))

    def by_name(self, result: TestResult) -> frozenset[str]:
        """Of the modules that a file imports by name those that the test's parameters name; else all."""
        loaded = self.declarations.loaded_by_name(result.path)
        parameters = _parameters(result)
        named = [paths for name, paths in loaded.items() if name in (parameters, *parameters.split("-"))]
        found = (path for paths in named or loaded.values() for path in paths)
        return frozenset(path for path in found if not _NAMED_AS_TEST.search(path))


def own_requests(result: TestResult | None, requests: Sequence[Request]) -> Sequence[Request]:
    """Of requests that one line makes for different parameters those for the parameters of this test."""
    parameters = _parameters(result) if result else ""
    own: dict[int, str] = {}
    for one in requests:
        if one.path in parameters:
            own[one.location.line] = max(one.path, own.get(one.location.line, ""), key=len)
    return [one for one in requests if own.get(one.location.line, one.path) == one.path]


def spread(results: Sequence[TestResult], most: int) -> Sequence[TestResult]:
    """At most this many of the results, from all over them."""
    if len(results) <= most:
        return results
    return [results[number * len(results) // most] for number in range(most)]


def function_of(result: TestResult) -> str:
    """The name of the function that a test runs."""
    return result.nodeid.partition("[")[0].rpartition("::")[2]


def folder_of(path: str) -> str:
    """The folder of a path; empty at the root."""
    return path.rpartition("/")[0]


def _parameters(result: TestResult) -> str:
    found = _PARAMETERS.search(result.nodeid)
    return found[1] if found else ""
