"""A class of the target that a session or a query takes for a mapped one: nothing maps it, or the call that maps it has
not run.

https://docs.sqlalchemy.org/en/20/orm/mapping_styles.html#imperative-mapping
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene, in_category
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location

KIND: Final = "class-not-mapped"
_UNMAPPED = re.compile(
    r"^Class '(?P<path>[\w.]+)' is not mapped$|FROM clause.* expected, got <class '(?P<got>[\w.]+)'>"
)


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[str, list[Group]] = {}
    for group in in_category(unexplained, "orm-use"):
        if found := _UNMAPPED.search(group.example):
            met.setdefault(found["path"] or found["got"], []).append(group)
    for path, groups in met.items():
        if (defined := _defined(scene, path)) is not None:
            yield _cause(scene, path, defined, groups)


def _defined(scene: Scene, path: str) -> Location | None:
    """The ``class`` statement in the module of that name; ``None`` where it is not in the target."""
    module, _, name = path.rpartition(".")
    return scene.declarations.modules_defining(name).get(module)


def _cause(scene: Scene, path: str, defined: Location, groups: list[Group]) -> Cause:
    name = path.rpartition(".")[2]
    calls = scene.mapped_source.mapping_calls(name)
    title = f"{name} is not mapped where tests use it"
    advice = "Map that class (a declarative base; with SQLModel, table=True), or use the mapped class that is meant"
    if calls:
        title += ": the call that maps it has not run"
        advice = f"Let {calls[0]} run before the first use of {name}: where the application or its conftest.py starts"
    return cause_of(
        groups,
        id=f"{KIND}:{path}",
        kind=KIND,
        title=title,
        state="consistent",
        locations=(*calls, defined, *scene.spots(*groups)),
        evidence=[
            *(Evidence(f"It is mapped here: {scene.declarations.line(call).strip()}", call) for call in calls),
            Evidence(f"{name} is defined here", defined),
        ],
        next_step=then_check(advice, check_command(groups)),
    )


DETECTOR = Detector(rank=26, kind=KIND, find=_find)
