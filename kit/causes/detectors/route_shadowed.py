"""A route that never answers: one that is declared before it, with a parameter, takes the same path.

https://fastapi.tiangolo.com/tutorial/path-params/#order-matters
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.exercise import function_of, own_requests
from kit.causes.scene.scene import Scene, is_in
from kit.facts.causes import Cause, Evidence
from kit.facts.declarations import Request, Route
from kit.facts.failures import Group

KIND: Final = "route-shadowed"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[tuple[Route, Route], list[Group]] = {}
    for group in unexplained if scene.has_source else ():
        if is_in(group, "route-missing") or group.category.startswith("assertion-"):
            requests = [
                request
                for result in scene.results(group)
                for request in own_requests(result, scene.exercise.requests(result.path, function_of(result)))
            ]
            if found := next(filter(None, (_shadowed(scene, request) for request in requests)), None):
                met.setdefault(found, []).append(group)
    for (first, second), groups in met.items():
        yield _cause(scene, first, second, groups)


def _shadowed(scene: Scene, request: Request) -> tuple[Route, Route] | None:
    """The route that answers a request, and the one that is meant for it: it has no parameter, and stands below. Flask
    prefers such a one wherever it stands, so only routes with ``{name}`` count.
    """
    found = [route for route in scene.exercise.routes.answering(request) if request.method in ("", *route.methods)]
    exact = next((route for route in found if route.path.rstrip("/") == request.path.rstrip("/")), None)
    before = (
        route
        for route in found
        if exact and "{" in route.path and "{*}" not in route.path and route.router == exact.router
        if route.location.path == exact.location.path and route.location.line < exact.location.line
    )
    first = next(before, None)
    return (first, exact) if first and exact else None


def _cause(scene: Scene, first: Route, second: Route, groups: list[Group]) -> Cause:
    method = second.methods[0] if second.methods else "A request of"
    return cause_of(
        groups,
        id=f"{KIND}:{second.location}",
        kind=KIND,
        title=f"{method} {second.path} is answered by {first.path}, which is declared before it",
        state="consistent",
        locations=(second.location, first.location, *scene.spots(*groups)),
        evidence=[Evidence(f"{first.function} takes every path of the form {first.path}", first.location)],
        next_step=then_check(f"Declare {second.path} before {first.path}", check_command(groups)),
    )


DETECTOR = Detector(rank=59, kind=KIND, find=_find)
