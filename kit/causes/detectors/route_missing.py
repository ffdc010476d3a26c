"""Requests that no route answers: the router that nothing includes, the method or the path that is another one.

Where source does not tell what is requested, one cause a test file: its tests share the application that they build.

https://fastapi.tiangolo.com/tutorial/bigger-applications/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kit.causes.building import cause_of, check_command, enumerated, then_check
from kit.causes.detector import Detector
from kit.causes.scene.exercise import own_requests
from kit.causes.scene.route_matching import methods_of, other_prefix, same_end, template
from kit.causes.scene.route_table import RouteTable
from kit.causes.scene.saying import answering_line
from kit.causes.scene.scene import Scene, in_category
from kit.causes.scene.schema import asks_for_schema, expects
from kit.causes.scene.suspicion import routes_for
from kit.facts.causes import Cause, Evidence, State
from kit.facts.declarations import Request, Route, Routing
from kit.facts.failures import Group
from kit.facts.places import Location

KIND: Final = "route-missing"
#: what Starlette and FastAPI answer by themselves when no route matches; an application's own 404 says more
_NO_ROUTE = re.compile(r"""["']detail["']: ?["']Not Found["']|Method Not Allowed|The requested URL was not found""")
_REQUESTED = re.compile(
    r"""\b(?P<verb>get|post|put|patch|delete)\(['"](?P<path>/[^'"?]*)['"?]"""
    r"""|for url '\w+://[^/']+(?P<url>/[^'?]*)"""
)
_CALLS: Final = ("include_router", "register_blueprint")
_SHOWN = 3
_UNUSED: Final = {
    "imported, not used": "Its module is imported here, and nothing in this file uses it",
    "include it below": "The call that includes it may have stood near this line",
}
_IN_SCHEMA = Evidence("A test of the whole schema expects what is requested, and fails for the lack of it")
_INCLUDE = "Check that the router of these paths is included in the application that the test builds, with its prefix"


@dataclass(frozen=True)
class _Miss:
    """Why a request finds no route, as far as source tells."""

    id: str
    title: str
    state: State
    locations: tuple[Location, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    advice: str = _INCLUDE


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    missed: dict[str, _Miss] = {}
    met: dict[str, list[tuple[Group, Request | None]]] = {}
    for group in in_category(unexplained, KIND):
        request = _asked(scene, group)
        if request and _is_answered(scene, group, request):
            continue
        miss = (_explained(scene, group, request) if request else None) or _unknown(scene, group)
        missed.setdefault(miss.id, miss)
        met.setdefault(miss.id, []).append((group, request))
    for group in _following(scene, unexplained, missed):
        request = _asked(scene, group)
        same = _explained(scene, group, request) if request else None
        if same and same.id in missed:
            met[same.id].append((group, request))
    for identity, schemas in _schemas_without(scene, unexplained, met).items():
        met[identity] += [(group, None) for group in schemas]
        missed[identity] = replace(missed[identity], evidence=(*missed[identity].evidence, _IN_SCHEMA))
    for identity, miss in missed.items():
        yield _cause(scene, miss, [group for group, _ in met[identity]], [request for _, request in met[identity]])


def _is_answered(scene: Scene, group: Group, request: Request) -> bool:
    """Whether a route answers the request, as far as source tells, and gives the status itself: the tests were seen to
    execute it, or one line within their reach answers so.
    """
    routes = [one for one in routes_for(scene, group, request).answering(request) if one.reached]
    routes = [one for one in routes if not request.method or request.method in one.methods]
    seen = any(scene.spectrum.executed_by(group.failure_ids, _first_line(scene, one)) for one in routes)
    return seen or bool(routes and answering_line(scene, group))


def _first_line(scene: Scene, route: Route) -> Location:
    """The first line of the function that answers, that of its decorators."""
    function = scene.declarations.reading.trees.function_at(route.location)
    lines = [function.lineno, *(mark.lineno for mark in function.decorator_list)] if function else []
    return Location(route.location.path, min(lines, default=route.location.line), "executed")


def _following(scene: Scene, unexplained: Sequence[Group], missed: Mapping[str, _Miss]) -> Iterator[Group]:
    """What may fail for the lack of a route without showing a status: a test reads an answer that is empty."""
    if any(miss.locations for miss in missed.values()):
        taken = {group.id for group in in_category(unexplained, KIND)}
        others = (group for group in unexplained if group.id not in taken and not asks_for_schema(_asked(scene, group)))
        yield from (group for group in others if not any(root.own for root in scene.roots(group)))


def _schemas_without(
    scene: Scene, unexplained: Sequence[Group], met: Mapping[str, Sequence[tuple[Group, Request | None]]]
) -> dict[str, list[Group]]:
    """By miss: the assertions on a schema that lacks what is requested there and nowhere else."""
    found: dict[str, list[Group]] = {}
    asserting = [group for group in unexplained if group.category.startswith("assertion-")] if met else []
    for group in (one for one in asserting if asks_for_schema(_asked(scene, one))):
        lacking = [
            identity
            for identity, pairs in met.items()
            if expects(scene, group, [one for one, _ in pairs], {path for one in pairs for path in _paths(scene, *one)})
        ]
        if len(lacking) == 1:
            found.setdefault(lacking[0], []).append(group)
    return found


def _paths(scene: Scene, group: Group, request: Request | None) -> Iterator[str]:
    """How a schema may write what is requested: as the request does, and as the routes of that path do."""
    if request:
        yield request.path
        yield from (route.path for route in routes_for(scene, group, request).answering(request))


def _asked(scene: Scene, group: Group) -> Request | None:
    """The request that failed: as the message tells it, else the last one before the line of the test that failed."""
    in_tests = [frame for root in scene.roots(group) for frame in reversed(root.frames) if frame.owner == "test"]
    result = next(iter(scene.results(group)), None)
    made = [
        request
        for frame in in_tests
        for request in reversed(own_requests(result, scene.declarations.requests(frame.path, frame.function)))
        if request.location.line <= frame.line
    ]
    told = _REQUESTED.search(group.example)
    if told is None:
        return next(iter(made), None)
    path = told["path"] or told["url"]
    place = Location(in_tests[0].path, in_tests[0].line, "request") if in_tests else Location("", 1)
    same = (request for request in made if request.path == path)
    return next(same, Request((told["verb"] or "").upper(), path, place))


def _explained(scene: Scene, group: Group, request: Request) -> _Miss | None:
    table = routes_for(scene, group, request)
    fitting = table.answering(request)
    reached = [route for route in fitting if route.reached]
    if any(not request.method or request.method in route.methods for route in reached):
        return None  # there is such a route: the answer is its own, or the test builds another application
    if reached:
        return _other_method(table, request, reached)
    lost = fitting or [route for route in table.ending_like(request.path) if not route.reached]
    return _not_included(scene, table.routing, lost[0]) if lost else _no_such_path(scene, table, request)


def _not_included(scene: Scene, routing: Routing, route: Route) -> _Miss:
    router = next(one for one in routing.routers if one.name == route.router)
    left = scene.declarations.traces(_CALLS, routing.includes)[:1]
    unused = () if left else router.unused
    others = tuple(Location(place.path, place.line, "others included") for place in routing.includes[:_SHOWN])
    return _Miss(
        f"{KIND}:{router.name}",
        f"Router {router.name} is never included",
        "consistent",
        (*left, *unused, router.location, *others),
        (
            *(Evidence("This line does nothing; the call may have stood here", place) for place in left),
            *(Evidence(_UNUSED[place.role], place) for place in unused),
            Evidence(f"It declares {_named(route)}, and nothing hands it to an application", route.location),
            *(Evidence("Another router is included here", place) for place in others),
        ),
        "Include it where the others are"
        if others
        else "Include it in the application, with the prefix that the tests ask for",
    )


def _other_method(table: RouteTable, request: Request, routes: Sequence[Route]) -> _Miss:
    renamed = table.like_with_method(request, routes)
    methods = enumerated(methods_of(routes))
    return _Miss(
        f"{KIND}:{request.method} {template(request.path)}",
        f"{template(request.path)} answers {methods}, and not {request.method}",
        "consistent",
        tuple(route.location for route in (*renamed, *routes)),
        (
            *(Evidence(f"A route of that method and a like path: {_named(one)}", one.location) for one in renamed),
            *(Evidence(f"The route of that path: {_named(route)}", route.location) for route in routes),
        ),
        "Correct the path of the route" if renamed else "Correct the method, of the route or of the request",
    )


def _moved(table: RouteTable, request: Request) -> Route | None:
    """The reached route whose path ends like the requested one."""
    same = [route for route in table.ending_like(request.path) if route.reached]
    if same:
        return max(same, key=lambda route: same_end(route, request.path))
    near = table.nearest(request)
    return near if near and other_prefix(near, request.path) else None


def _no_such_path(scene: Scene, table: RouteTable, request: Request) -> _Miss | None:
    """No route has the path: the prefix is another one, or the nearest route is named."""
    routing = table.routing
    moved = _moved(table, request)
    near = moved or table.nearest(request)
    if not any(route.reached for route in routing.routes):
        return None
    lonely = {route.router: route for route in routing.routes if not route.reached}
    if near is None and len(lonely) == 1:
        # its prefix is given where it would be included
        return _not_included(scene, routing, next(iter(lonely.values())))
    asked = f"{request.method} {template(request.path)}".strip()
    if near is None:
        title = f"No route answers {asked}"
        return _Miss(f"{KIND}:{template(request.path)}", title, "consistent", (request.location,))
    router = next((one for one in routing.routers if one.name == near.router), None)
    places = (*(router.included if router else ()), *((router.location,) if router else ())) if moved else ()
    advice = "the prefix of its router" if moved else "the path of the route"
    return _Miss(
        f"{KIND}:{near.router}" if moved else f"{KIND}:{template(request.path)}",
        f"No route answers {asked}; the nearest is {_named(near)}",
        "consistent",
        (Location(near.location.path, near.location.line, "nearest route"), *places, request.location),
        (Evidence(f"The nearest route: {_named(near)}", near.location),),
        f"Correct {advice} or the request, or restore the route if it was removed",
    )


def _unknown(scene: Scene, group: Group) -> _Miss:
    path = next((result.path for result in scene.results(group)), "")
    if _NO_ROUTE.search(group.example):
        return _Miss(f"{KIND}:{path}", f"Requests of {path} find no route", "consistent")
    return _Miss(f"{KIND}:{path}", f"Requests of {path} are answered with not found", "unknown")


def _cause(scene: Scene, miss: _Miss, groups: list[Group], requests: Iterable[Request | None]) -> Cause:
    made = [request for request in requests if request]
    asked = sorted({f"{request.method} {request.path}".strip() for request in made})
    evidence = list(miss.evidence)
    if asked:
        evidence.append(
            Evidence(f"Requested: {enumerated(asked)}", made[0].location if made[0].location.path else None)
        )
    by_framework = any(_NO_ROUTE.search(group.example) for group in groups)
    if by_framework:
        evidence.append(Evidence("The answer is the framework's own: no route matched the request"))
    if not miss.locations:
        evidence += _existing(scene.exercise.routes, made)
    return cause_of(
        groups,
        id=miss.id,
        kind=KIND,
        title=miss.title,
        state="consistent" if by_framework else miss.state,
        locations=miss.locations or scene.spots(*groups),
        evidence=evidence,
        next_step=then_check(miss.advice, check_command(groups)),
    )


def _existing(table: RouteTable, requests: Sequence[Request]) -> Iterator[Evidence]:
    """The routes that are there for what is requested: their own code answers, or the test builds without them."""
    fitting = (route for request in requests for route in table.answering(request))
    for route in [*dict.fromkeys(fitting)][:_SHOWN]:
        yield Evidence(f"There is a route for it: {_named(route)}, declared on {route.router}", route.location)


def _named(route: Route) -> str:
    return f"{enumerated(route.methods)} {route.path.removeprefix('{*}')}"


DETECTOR = Detector(rank=60, kind=KIND, find=_find)
