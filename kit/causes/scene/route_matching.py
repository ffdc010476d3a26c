"""A requested path against the paths of routes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kit.facts.declarations import Request, Route

#: of 100: below, the nearest route says more about the application than about the request
_ALIKE = 60
_PART = re.compile(r"\{\*\}|\{(?P<path>[^{}]*:path)?[^{}]*\}|<(?P<flask>path:)?[^<>]*>")
_DATA = re.compile(r"/(?:\{[^{}]*\}|<[^<>]*>|\d+|[0-9a-f]{8}-[0-9a-f-]{27})(?=/|$)")


def answers(route: Route, request: Request) -> bool:
    """Whether the route's path, without regard to its methods, is the one that is requested."""
    return _regex(route.path).fullmatch(request.path.rstrip("/") or "/") is not None


def same_end(route: Route, path: str) -> int:
    """How many parts at the end are the same, where the two differ only in what stands in front; else 0."""
    own, asked = (template(one).strip("/").split("/") for one in (route.path, path))
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(reversed(own), reversed(asked), strict=False)))
    tells = any(part != "{}" for part in own[len(own) - same :])
    return same if tells and same >= min(2, len(own), len(asked)) else 0


def nearest_route(routes: Sequence[Route], request: Request) -> Route | None:
    """The route that is most like what is requested; of equal ones the one that has its method."""
    from rapidfuzz import fuzz, process  # it takes a while to import, and few runs have a route to look for

    near = {route: template(route.path) for route in routes}
    scores = process.extract(template(request.path), near, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=None)
    best = [route for _, score, route in scores if score == scores[0][1]]
    return min(best, key=lambda route: (request.method not in route.methods, route.location), default=None)


def template(path: str) -> str:
    """The path with ``{}`` for its parts that are data."""
    return _DATA.sub("/{}", path)


def methods_of(routes: Iterable[Route]) -> list[str]:
    """All that these answer, sorted."""
    return sorted({method for route in routes for method in route.methods})


@lru_cache(maxsize=4096)
def _regex(path: str) -> re.Pattern[str]:
    pattern, at = "", 0
    whole = path.rstrip("/") or "/"
    for found in _PART.finditer(whole):
        pattern += re.escape(whole[at : found.start()])
        many = found["path"] or found["flask"]
        pattern += "(?:/[^/]+)*" if found[0] == "{*}" else ".+" if many else "[^/]+"
        at = found.end()
    return re.compile(pattern + re.escape(whole[at:]))
