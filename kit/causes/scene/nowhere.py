"""Foreign keys that lead nowhere, where a relationship finds none to join its tables by."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kit.causes.scene.nearest import nearest
from kit.causes.scene.scene import Scene
from kit.facts.failures import Group

_NO_JOIN = re.compile(
    r"^Could not determine join condition between .* on relationship (?P<owner>\w+)\.(?P<name>\w+) - there are no "
    r"foreign keys linking these tables(?: via secondary table '(?P<secondary>[\w.]+)')?"
)

_BETWEEN = re.compile(r"^Can't find any foreign key relationships between '(?P<one>[^']+)' and '(?P<other>[^']+)'")


def keys_to_nowhere(scene: Scene, message: str) -> Sequence[tuple[str, str]]:
    """Table and column of the foreign keys that lead nowhere, of the two sides of the relationship in a message or of
    the table between them.
    """
    found = _NO_JOIN.search(message)
    columns = [finding.id.partition(":")[2].rpartition(".") for finding in scene.findings("foreign-key")]
    if found is None or not columns:
        return ()
    owners = scene.mapped_by_name.get(found["owner"], ())
    targets = {other.points_at for one in owners for other in one.relationships if other.name == found["name"]}
    sides = [*owners, *(one for target in targets for one in scene.mapped_by_name.get(target or "", ()))]
    tables = [(one.dotted, one.table) for one in sides]
    tables.append((found["secondary"] or "", found["secondary"]))
    return [(table, column) for where, table in tables if table for owner, _, column in columns if owner == where]


def is_joined_by(scene: Scene, group: Group, table: str, missing: str) -> bool:
    """Whether a group cannot join this table to another one, whose name is like that of the ``missing`` table. Classes
    that a function maps are not in the inventory: here the messages alone tell.
    """
    between = (_BETWEEN.search(info.message) for info in scene.chains(group))
    sides = [{found["one"], found["other"]} for found in between if found]
    return any(table in both and nearest(missing, both - {table}) for both in sides)
