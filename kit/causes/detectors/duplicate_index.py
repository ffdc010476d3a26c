"""An index that is created twice, so that creating the tables fails.

https://docs.sqlalchemy.org/en/20/errors.html#error-e3q8
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, finding_evidence, is_scanned, then_check
from kit.causes.detector import Detector
from kit.causes.scene.creation_order import table_at
from kit.causes.scene.near_first import near_first
from kit.causes.scene.scene import Scene, saying
from kit.facts.causes import Cause
from kit.facts.failures import Group
from kit.facts.inventory import Finding
from kit.facts.places import Location

KIND: Final = "duplicate-index"

#: an index that is created twice is defined at two places
_DEFINITIONS: Final = 2
_EXISTS = re.compile(r"""^index (?P<sqlite>\S+) already exists|^relation "(?P<postgres>[^"]+)" already exists""")


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    findings = {finding.id.partition(":")[2]: finding for finding in scene.findings(KIND)}
    met: dict[str, list[Group]] = {}
    for group, found in saying(unexplained, _EXISTS):
        name = found["sqlite"] or found["postgres"]
        if found["sqlite"] or name in findings:  # PostgreSQL says "relation" of tables too
            met.setdefault(name, []).append(group)
    for name in dict.fromkeys((*met, *findings)):
        yield _cause(scene, name, met.get(name, []), findings.get(name))


def _cause(scene: Scene, name: str, groups: list[Group], finding: Finding | None) -> Cause:
    check = check_command(groups, scanned=is_scanned(finding))
    found = finding.locations if finding else ()
    number = len({(place.path, place.line) for place in found})
    places = found if number >= _DEFINITIONS else (*found, *_defined(scene, name, groups), *scene.spots(*groups))
    if number > _DEFINITIONS and groups:  # of several applications
        places = near_first(scene, groups, (*found, *_mapped(scene, name)))
    tables = {table for place in places if (table := table_at(scene, place))}
    advice = "Drop one of the two definitions: index=True on the column, or the explicit Index"
    if len(tables) > 1:
        advice = "Give one of them another name: they belong to different tables, and a schema has one index of a name"
    return cause_of(
        groups,
        id=f"{KIND}:{name}",
        kind=KIND,
        title=f'Index "{name}" is created twice',
        state="consistent",
        locations=places,
        evidence=finding_evidence(finding) if finding else (),
        next_step=then_check(advice, check),
    )


def _defined(scene: Scene, name: str, groups: Sequence[Group]) -> tuple[Location, ...]:
    """Where an index of this name may come from; the classes of its table too where these tests import fewer places."""
    found = dict.fromkeys((*scene.declarations.string(name), *_generated(scene, name)))
    if len(found) < _DEFINITIONS:
        found |= dict.fromkeys(_extending(scene, name))
    own = scene.exercise.modules_of(scene.results(*groups))
    if len(found) < _DEFINITIONS or (own and not any(place.path in own for place in found)):
        found |= dict.fromkeys(_mapped(scene, name))
    return near_first(scene, groups, found)


def _extending(scene: Scene, name: str) -> Iterator[Location]:
    """The calls of ``Table`` for a table that a class maps too: with ``extend_existing`` they add its index again."""
    for table in scene.mapped_by_table:
        if name.startswith(f"ix_{table}_"):
            yield from scene.declarations.tables(table)


def _mapped(scene: Scene, name: str) -> Iterator[Location]:
    """The classes of the table, where several are mapped to it: each may inherit the column from a base."""
    tables = [table for table in scene.mapped_by_table if name.startswith(f"ix_{table}_")]
    mapped = scene.mapped_by_table[max(tables, key=len)] if tables else ()
    yield from (one.location for one in mapped if len(mapped) > 1)


def _generated(scene: Scene, name: str) -> Iterator[Location]:
    """The columns of a table that get an index of this name from ``index=True``: also of another class for the table,
    which extends it.
    """
    for table, mapped in scene.mapped_by_table.items():
        column = name.removeprefix(f"ix_{table}_")
        for one in mapped if column != name else ():
            here = [place for place in scene.declarations.in_class(one.name, column) if place.path == one.path]
            yield from (place for place in here if "index" in scene.declarations.line(place))


DETECTOR = Detector(rank=10, kind=KIND, find=_find)
