"""Rows that a foreign key refuses: of which table, and where its foreign keys are declared.

https://docs.sqlalchemy.org/en/20/errors.html#error-gkpj
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene, in_category
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location

KIND: Final = "refused-row"
_REFUSED = re.compile(r"FOREIGN KEY constraint failed|violates foreign key constraint|foreign key constraint fails")
#: the statement that SQLAlchemy shows with the error, and the table as PostgreSQL names it
_TABLE = re.compile(
    r"\b(?:INSERT INTO|UPDATE|DELETE FROM) [`\"]?(?:\w+[`\"]?\.[`\"]?)?(?P<statement>\w+)"
    r"|on table \"(?P<postgres>\w+)\" violates"
)


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[str, list[Group]] = {}
    for group in in_category(unexplained, "constraint"):
        if _REFUSED.search(group.signature.message) and (table := _table(scene, group)):
            met.setdefault(table, []).append(group)
    for table, groups in met.items():
        yield _cause(scene, table, groups)


def _table(scene: Scene, group: Group) -> str | None:
    """The table that most of these statements write to."""
    found = (_TABLE.search(info.message) for info in scene.chains(group))
    tables = Counter(one["statement"] or one["postgres"] for one in found if one)
    return tables.most_common(1)[0][0] if tables else None


def _cause(scene: Scene, table: str, groups: list[Group]) -> Cause:
    classes = [one.location for one in scene.mapped_by_table.get(table, ())]
    keys = [place for one in classes for place in scene.declarations.foreign_keys_of(one)]
    return cause_of(
        groups,
        id=f"{KIND}:{table}",
        kind=KIND,
        title=f'A foreign key of "{table}" refuses the rows of these tests',
        state="consistent" if len(keys) == 1 else "unknown",
        locations=[*keys, *scene.spots(*groups)[:1], *classes, *scene.spots(*groups)[1:]],
        evidence=[
            Evidence(f"Its foreign key: {scene.declarations.line(place).strip()}", Location(place.path, place.line))
            for place in keys
        ],
        next_step=then_check(
            "Look at whether the foreign key leads to the table that is meant, and whether the row that it needs "
            "is inserted before",
            check_command(groups),
        ),
    )


DETECTOR = Detector(rank=97, kind=KIND, find=_find)
