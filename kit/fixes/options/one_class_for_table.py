"""Keep one of two classes that map one table: the module of the other imports it under the other's name.

https://docs.sqlalchemy.org/en/20/core/metadata.html#accessing-tables-and-columns
"""

from __future__ import annotations

from collections.abc import Iterator

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.inventory import MappedClass
from kit.fixes.options.shared.duplicates import carried_over_all, pairs_of, re_exported, told
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.texts import NotEditableError

CAUSES = frozenset({"table-mapped-twice"})
KIND = "one-class-for-table"
_URL = "https://docs.sqlalchemy.org/en/20/core/metadata.html#accessing-tables-and-columns"


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option for each of two classes: it stays, gets what only the other has, and goes by both names."""
    here = {(place.path, place.line) for place in cause.locations}
    classes = [one for one in scene.inventory.mapped_classes if (one.path, one.line) in here and one.table]
    if len(classes) != 2 or classes[0].table_key != classes[1].table_key:
        return
    ordered = sorted(classes, key=lambda one: (one.extend_existing, -len(one.columns), one.path))
    for number, (kept, other) in enumerate((ordered, reversed(ordered)), start=1):
        yield from _option(cause, scene, KIND if number == 1 else f"{KIND}-{number}", kept, other)


def _option(cause: Cause, scene: FixScene, kind: str, kept: MappedClass, other: MappedClass) -> Iterator[FixOption]:
    title = f"Let {other.module} import {kept.name} from {kept.module} as {other.name}"
    try:
        pairs = pairs_of(scene, kept, (other,))
    except NotEditableError as error:
        yield without_patch(cause, kind, title, error)
        return
    if not pairs:
        return
    carried, left = carried_over_all(pairs)
    after: dict[str, str | None] = {other.path: re_exported(scene, pairs[0]).code, kept.path: carried.code}
    moved = [name for name in told(pairs[0].only_there) if not any(one.startswith(f"{name}:") for one in left)]
    why = f"The table {kept.table} has one class then" + (f", which gets {', '.join(moved)}" if moved else "")
    strings = scene.declarations.string(other.name)
    losses = (
        *left,
        *pairs[0].lost_of_table,
        *pairs[0].conflicts,
        *(f'"{other.name}" at {place} finds no class any more' for place in strings),
    )
    yield option_of(cause, scene, Proposal(kind, title, why, after, losses, documentation=_URL))
