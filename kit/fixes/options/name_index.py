"""Give an index a name of its own: SQLAlchemy makes one of table and column, and another table may have the same.

https://docs.sqlalchemy.org/en/20/core/constraints.html#indexes
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.inventory import MappedClass
from kit.facts.places import Location
from kit.fixes.options.drop_index import without_column_index
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.imports import ImportBinding, with_import
from kit.fixes.source.texts import NotEditableError
from kit.fixes.source.tree import parse

CAUSES = frozenset({"duplicate-index"})
KIND = "name-index"
_URL = "https://docs.sqlalchemy.org/en/20/core/constraints.html#indexes"
_INDEX = ImportBinding("sqlalchemy", "Index", "Index", for_types=False)


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option for each ``index=True`` of a table's own class, where the same name is made for another table."""
    tables = {name for one in scene.findings(cause, "duplicate-index") for name in _tables(one.details.get("tables"))}
    used = 0
    for place in cause.locations if len(tables) > 1 else ():
        owner = _owner(scene, place, tables)
        column = _column(scene, owner, place) if owner else None
        if owner is None or column is None:
            continue
        used += 1
        name = f"ix_{owner.table}__{column}"
        kind, title = (
            KIND if used == 1 else f"{KIND}-{used}",
            f'Name the index of {owner.name}.{column} "{name}" ({place})',
        )
        try:
            after = _named(scene, place, owner, column, name)
        except NotEditableError as error:
            yield without_patch(cause, kind, title, error)
            continue
        if after is not None:
            why = "Both tables keep their index; a database that has the old name already needs a migration"
            yield option_of(cause, scene, Proposal(kind, title, why, {place.path: after}, documentation=_URL))


def _tables(told: object) -> Sequence[str]:
    return [one for one in told if isinstance(one, str)] if isinstance(told, list) else []


def _owner(scene: FixScene, place: Location, tables: set[str]) -> MappedClass | None:
    """The class of one of these tables that the line stands in; a mixin has no table."""
    return next(
        (
            one
            for one in scene.inventory.mapped_classes
            if one.path == place.path and one.table in tables and one.line <= place.line <= (one.end_line or one.line)
        ),
        None,
    )


def _column(scene: FixScene, owner: MappedClass, place: Location) -> str | None:
    """The attribute whose statement has the line."""
    for name in owner.columns:
        if any(
            one.path == place.path and one.line == place.line for one in scene.declarations.in_class(owner.name, name)
        ):
            return name
    return None


def _named(scene: FixScene, place: Location, owner: MappedClass, column: str, name: str) -> str | None:
    """The text without ``index=True`` there, and with an ``Index`` of that name behind the class."""
    text = without_column_index(scene, place)
    if text is None or "." in owner.qualname:
        return None
    module = parse(text, place.path)
    body = list(module.body)
    at = next((n for n, one in enumerate(body) if isinstance(one, cst.ClassDef) and one.name.value == owner.name), None)
    if at is None:
        return None
    line = cst.parse_statement(f'\n\nIndex("{name}", {owner.name}.{column})\n', config=module.config_for_parsing)
    body.insert(at + 1, line)
    return with_import(module.with_changes(body=body), _INDEX).code
