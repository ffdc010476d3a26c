"""Columns of a table that a second class has replaced (``extend_existing``): the mapper of the first one still has the
old ones, and rows that refer to each other cannot be written.

https://docs.sqlalchemy.org/en/20/core/metadata.html#sqlalchemy.schema.Table.params.extend_existing
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kit.causes.scene.scene import Scene, saying
from kit.facts.failures import Group

_UNMAPPED = re.compile(
    r"^Can't execute sync rule for \w+ column '[^']+'; "
    r"mapper '(?:Mapper\[|mapped class )(?P<name>\w+)(?:\(|->)(?P<table>\w+)\)?\]?' does not map this column"
)


@dataclass(frozen=True)
class Replaced:
    """Failures that show it: the class whose mapper lacks a column, and its table."""

    group: Group
    name: str
    table: str


def replaced_columns(scene: Scene, groups: Sequence[Group]) -> Iterator[Replaced]:
    """The groups that show it, of tables which a class of the app extends."""
    extended = {mapped.table for mapped in scene.inventory.mapped_classes if mapped.extend_existing}
    for group, found in saying(groups, _UNMAPPED):
        if found["table"] in extended:
            yield Replaced(group, found["name"], found["table"])
