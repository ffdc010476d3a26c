"""Values that a unique or check constraint refuses: where the mapped class declares it.

https://docs.sqlalchemy.org/en/20/core/constraints.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, enumerated, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene, in_category
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location

KIND: Final = "refused-value"
_UNIQUE = re.compile(
    r"UNIQUE constraint failed: (?P<columns>\w+\.\w+(?:, \w+\.\w+)*)"
    r"|Duplicate entry .* for key '(?P<key>\w+\.\w+)'"
)
_CHECK = re.compile(
    r"CHECK constraint failed: (?P<sqlite>.+)|violates check constraint \"(?P<postgres>\w+)\""
    r"|Check constraint '(?P<mysql>\w+)' is violated"
)
_ADVICE = "Look at whether the constraint is the one that is meant, and which values the tests write"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[str, tuple[tuple[Location, ...], list[Group]]] = {}
    for group in in_category(unexplained, "constraint"):
        if found := _declared(scene, group.example):
            met.setdefault(found[0], (found[1], []))[1].append(group)
    for title, (declared, groups) in met.items():
        yield _cause(scene, title, declared, groups)


def _declared(scene: Scene, message: str) -> tuple[str, tuple[Location, ...]] | None:
    """The sentence about the constraint that refuses, and where it is declared; ``None`` where the source has none."""
    if unique := _UNIQUE.search(message):
        columns = (unique["columns"] or unique["key"]).split(", ")
        places = tuple(place for column in columns for place in _column(scene, *column.split(".")))
        return (_unique([f'"{column}"' for column in columns]), places) if places else None
    if check := _CHECK.search(message):
        said = (check["sqlite"] or check["postgres"] or check["mysql"]).strip()
        places = scene.declarations.checks(said)
        return (f'The check "{said}" refuses what tests write', places) if places else None
    return None


def _column(scene: Scene, table: str, column: str) -> tuple[Location, ...]:
    owners = scene.mapped_by_table.get(table, ())
    in_class = [place for one in owners for place in scene.declarations.in_class(one.name, column)]
    return tuple(place for place in in_class if place.path in {one.path for one in owners})


def _unique(columns: list[str]) -> str:
    if len(columns) == 1:
        return f"{columns[0]} is unique, and tests write a value twice"
    return f"{enumerated(columns)} are unique together, and tests write the same values twice"


def _cause(scene: Scene, title: str, declared: tuple[Location, ...], groups: list[Group]) -> Cause:
    return cause_of(
        groups,
        id=f"{KIND}:{declared[0]}",
        kind=KIND,
        title=title,
        state="unknown",
        locations=(*declared, *scene.spots(*groups)),
        evidence=[Evidence(f"Declared here: {scene.declarations.line(place).strip()}", place) for place in declared],
        next_step=then_check(_ADVICE, check_command(groups)),
    )


DETECTOR = Detector(rank=89, kind=KIND, find=_find)
