"""Two views of one endpoint: Flask takes the name of the function for it unless another is given.

https://flask.palletsprojects.com/en/stable/api/#flask.Flask.add_url_rule
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location

KIND: Final = "view-overwritten"
_OVERWRITTEN = re.compile(
    r"^View function mapping is overwriting an existing endpoint function: (?P<endpoint>[\w.]*?(?P<function>\w+))$"
)


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[str, tuple[str, list[Group]]] = {}
    for group, found in saying(unexplained, _OVERWRITTEN):
        met.setdefault(found["endpoint"], (found["function"], []))[1].append(group)
    for endpoint, (function, groups) in met.items():
        yield _cause(scene, endpoint, function, groups)


def _cause(scene: Scene, endpoint: str, function: str, groups: list[Group]) -> Cause:
    views = _views(scene, function)
    named = () if views else (*scene.declarations.option("endpoint", function), *scene.declarations.function(function))
    advice = "Give one of the views another name, or an endpoint of its own"
    if not views:  # a function that a decorator makes for each view
        advice = "Give each view an endpoint of its own; a decorator of views keeps their names with functools.wraps"
    return cause_of(
        groups,
        id=f"{KIND}:{endpoint}",
        kind=KIND,
        title=f'Two views have the endpoint "{endpoint}"',
        state="consistent",
        locations=(*views, *named, *scene.spots(*groups)),
        evidence=[Evidence(f"A view called {function} is declared here", place) for place in views],
        next_step=then_check(advice, check_command(groups)),
    )


def _views(scene: Scene, function: str) -> tuple[Location, ...]:
    """The views of this name where one router has several, the last first: it is the one that is refused."""
    by_router: dict[str, set[Location]] = {}
    for route in scene.declarations.routing.routes:
        if route.function.rpartition(".")[2] == function:
            by_router.setdefault(route.router, set()).add(route.location)
    several = [sorted(places, reverse=True) for places in by_router.values() if len(places) > 1]
    return tuple(place for places in several for place in places)


DETECTOR = Detector(rank=62, kind=KIND, find=_find)
