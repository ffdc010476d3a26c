"""An attribute of a mapped object that may not be loaded where it is read: its relationship refuses, or its session is
over.

https://docs.sqlalchemy.org/en/20/errors.html#error-bhk3
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location

KIND: Final = "instance-not-loaded"
_RAISES = re.compile(r"^'(?P<owner>\w+)\.(?P<name>\w+)' is not available due to lazy=")
_LAZY = re.compile(
    r"^Parent instance <(?P<owner>\w+) at .* is not bound to a Session; "
    r"lazy load operation of attribute '(?P<name>\w+)'"
)
#: the attributes that a line reads
_READ = re.compile(r"\.(\w+)\b(?!\s*\()")
_OUTSIDE_AWAIT = "greenlet_spawn has not been called"
_EXPIRED = re.compile(r"^Instance <\w+ at .* is not bound to a Session; attribute refresh operation")


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[tuple[str, str], list[Group]] = {}
    expired: list[Group] = []
    outside: list[Group] = []
    for group in unexplained:
        if found := _RAISES.search(group.example) or _LAZY.search(group.example):
            met.setdefault((found["owner"], found["name"]), []).append(group)
        elif _EXPIRED.search(group.example):
            expired.append(group)
        elif _OUTSIDE_AWAIT in group.example:
            if read := _relationship_read(scene, group):
                met.setdefault(read, []).append(group)
            else:
                outside.append(group)
    for (owner, name), groups in met.items():
        if places := scene.declarations.in_class(owner, name):
            yield _not_loaded(scene, f"{owner}.{name}", places, groups)
    makers = scene.declarations.databases.expiring if expired or outside else ()
    if makers and expired:
        yield _expired(scene, makers, expired, "after their session is closed")
    if makers and outside:
        yield _expired(scene, makers, outside, "outside of an await")


def _relationship_read(scene: Scene, group: Group) -> tuple[str, str] | None:
    """Class and name of the one relationship that the line reads which raised; ``None`` where it reads none."""
    read = set(_READ.findall(scene.declarations.line(scene.spots(group)[0])))
    found = {
        (mapped.name, one.name)
        for mapped in scene.inventory.mapped_classes
        for one in mapped.relationships
        if one.name in read
    }
    return found.pop() if len(found) == 1 else None


def _not_loaded(scene: Scene, attribute: str, places: tuple[Location, ...], groups: list[Group]) -> Cause:
    return cause_of(
        groups,
        id=f"{KIND}:{attribute}",
        kind=KIND,
        title=f"{attribute} is read where it may not be loaded",
        state="consistent",
        locations=(*scene.spots(*groups)[:1], *places, *scene.spots(*groups)[1:]),
        evidence=[Evidence(f"It is mapped here: {scene.declarations.line(place).strip()}", place) for place in places],
        next_step=then_check(
            "Load it in the query that needs it (selectinload, joinedload), or let it be loaded when it is read",
            check_command(groups),
        ),
    )


def _expired(scene: Scene, makers: tuple[Location, ...], groups: list[Group], where: str) -> Cause:
    return cause_of(
        groups,
        id=f"{KIND}:{makers[0]}:{where}",
        kind=KIND,
        title=f"Objects are read {where}, and a commit has made their values expire",
        state="consistent",
        locations=(*makers, *scene.spots(*groups)),
        evidence=[Evidence("Sessions are made here without expire_on_commit=False", place) for place in makers],
        next_step=then_check(
            "Make the sessions with expire_on_commit=False, or read what is needed before the session is closed",
            check_command(groups),
        ),
    )


DETECTOR = Detector(rank=87, kind=KIND, find=_find)
