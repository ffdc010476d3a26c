"""The routes of an application, looked up by what is requested: no question looks at all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kit.causes.scene.route_matching import answers, same_end, template

if TYPE_CHECKING:
    from kit.facts.declarations import Request, Route, Routing

#: of 100: below, the nearest route says more about the application than about the request
_ALIKE = 60
#: of 100: from here on, one path is nearly the other
_NEARLY = 85


@dataclass(frozen=True)
class RouteTable:
    """All routes of ``routing``, in their order."""

    routing: Routing

    def answering(self, request: Request) -> list[Route]:
        """The routes whose path, without regard to their methods, is the one that is requested."""
        parts = {*_fixed_parts(request.path), ""}
        numbers = sorted({number for part in parts for number in self._by_rarest_part.get(part, ())})
        return [route for number in numbers if answers(route := self.routing.routes[number], request)]

    def ending_like(self, path: str) -> list[Route]:
        """The routes that differ from a path only in what stands in front."""
        end = _end(path)
        numbers = {*self._by_end.get(end, ()), *self._by_end.get(end[-1:], ())}
        if len(end) == 1:
            numbers.update(self._by_last_part.get(end[-1], ()))
        return [route for number in sorted(numbers) if same_end(route := self.routing.routes[number], path)]

    def nearest(self, request: Request) -> Route | None:
        """The reached route that is most like what is requested; of equal ones the one that has its method."""
        from rapidfuzz import fuzz, process  # it takes a while to import, and few runs have a route to look for

        scores = process.extract(
            template(request.path), self._templates, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=None
        )
        best = [self.routing.routes[number] for _, score, number in scores if score == scores[0][1]]
        return min(best, key=lambda route: (request.method not in route.methods, route.location), default=None)

    def like_with_method(self, request: Request, others: Sequence[Route]) -> tuple[Route, ...]:
        """The one reached route that has the requested method, the end of the requested path or nearly the whole, and
        the file of these others, which have the path and not the method; else none.
        """
        from rapidfuzz import fuzz

        files, asked = {route.location.path for route in others}, template(request.path)
        ending = [one for one in self.ending_like(request.path) if one.reached and request.method in one.methods]
        ending = [one for one in ending if one.location.path in files]
        if len(ending) == 1:
            return tuple(ending)
        found = tuple(
            route
            for number, path in self._templates.items()
            if request.method in (route := self.routing.routes[number]).methods and route.location.path in files
            if path != asked and fuzz.ratio(path, asked) >= _NEARLY and _parts(path) == _parts(asked)
        )
        return found if len(found) == 1 else ()

    @cached_property
    def _templates(self) -> dict[int, str]:
        return {number: template(route.path) for number, route in enumerate(self.routing.routes) if route.reached}

    @cached_property
    def _by_rarest_part(self) -> dict[str, list[int]]:
        """Each route under the fixed part of its path that fewest others have: what it answers has that part too."""
        parts = [set(_fixed_parts(route.path)) for route in self.routing.routes]
        common = Counter(part for one in parts for part in one)
        found: dict[str, list[int]] = {}
        for number, one in enumerate(parts):
            found.setdefault(min(one, key=lambda part: (common[part], part), default=""), []).append(number)
        return found

    @cached_property
    def _by_end(self) -> dict[tuple[str, ...], list[int]]:
        found: dict[tuple[str, ...], list[int]] = {}
        for number, route in enumerate(self.routing.routes):
            found.setdefault(_end(route.path), []).append(number)
        return found

    @cached_property
    def _by_last_part(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for end, numbers in self._by_end.items():
            found.setdefault(end[-1], []).extend(numbers)
        return found


def _fixed_parts(path: str) -> Iterator[str]:
    """The parts of a path that are not a parameter and hold none."""
    return (part for part in path.split("/") if part and not {"{", "<"}.intersection(part))


def _parts(path: str) -> int:
    return path.strip("/").count("/")


def _end(path: str) -> tuple[str, ...]:
    """The last two parts of a path, parameters and data left open."""
    return tuple(template(path).strip("/").split("/")[-2:])
