"""A requested path against the paths of routes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import takewhile

from kit.facts.declarations import Request, Route

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


def other_prefix(route: Route, path: str) -> bool:
    """Whether the two differ in their first part alone."""
    own, asked = (template(one).strip("/").split("/") for one in (route.path, path))
    return len(own) > 1 and own[1:] == asked[1:] and own[0] != asked[0]


@lru_cache(maxsize=16_384)
def template(path: str) -> str:
    """The path with ``{}`` for its parts that are data."""
    return _DATA.sub("/{}", path)


def methods_of(routes: Iterable[Route]) -> list[str]:
    """All that these answer, sorted."""
    return sorted({method for route in routes for method in route.methods})


@lru_cache(maxsize=16_384)
def _regex(path: str) -> re.Pattern[str]:
    pattern, at = "", 0
    whole = path.rstrip("/") or "/"
    for found in _PART.finditer(whole):
        pattern += re.escape(whole[at : found.start()])
        many = found["path"] or found["flask"]
        pattern += "(?:/[^/]+)*" if found[0] == "{*}" else ".+" if many else "[^/]+"
        at = found.end()
    return re.compile(pattern + re.escape(whole[at:]))
