"""Two views of one endpoint: Flask takes the name of the function for it unless ``endpoint=`` gives another.

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
    views = scene.declarations.answers.views(endpoint)
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
        evidence=[
            Evidence(f"A view of this endpoint is declared here: {scene.declarations.line(place).strip()}", place)
            for place in views
        ],
        next_step=then_check(advice, check_command(groups)),
    )


DETECTOR = Detector(rank=62, kind=KIND, find=_find)
