"""A relationship between tables that no foreign key joins, or several do without ``foreign_keys`` to choose.

https://docs.sqlalchemy.org/en/20/orm/join_conditions.html#handling-multiple-join-paths
"""

from __future__ import annotations

from collections.abc import Iterator

from kit.facts.inventory import Finding
from kit.facts.places import Location
from kit.inventory.findings.shared.columns import are_all_readable
from kit.inventory.findings.shared.severities import runs, when_imported
from kit.inventory.findings.shared.view import View
from kit.inventory.mappers.from_source import Mapper
from kit.inventory.mappers.links import RelationshipLink
from kit.inventory.names.constants import is_known

KIND = "join-condition"
#: how the name of a column ends that refers to a table
_ENDS = ("_id", "_uuid", "_pk", "_key")
#: with one of these the foreign keys are not all that decides
_CHOOSING = frozenset({"primaryjoin", "secondaryjoin", "secondary", "foreign_keys"})


def find(view: View) -> Iterator[Finding]:
    """One finding for each relationship between classes whose columns can all be read."""
    for link in view.links:
        target = link.targets[0] if len(link.targets) == 1 else None
        if target is None or _CHOOSING & set(link.call.options) or runs(view, link.mapper, target):
            continue
        if _is_readable(link.mapper, view) and _is_readable(target, view):
            keys = _keys(link.mapper, target)
            if len(keys) != 1:
                yield _finding(link, target, keys, view)


def _keys(one: Mapper, other: Mapper) -> list[Location]:
    """The foreign keys between two tables, in either direction."""
    ways = [(one, other)] if one.key == other.key else [(one, other), (other, one)]
    return [
        Location(column.path, column.part.line, "column")
        for mapper, target in ways
        for column in mapper.columns
        for key in column.part.foreign_keys
        if _means(key, target)
    ]


def _means(key: str, target: Mapper) -> bool:
    """Whether a foreign key (``users.id``, ``schema.users.id``, or the attribute ``{app.models.User.id}``) is to that
    table.
    """
    table = key.strip("{}").rpartition(".")[0]
    if not is_known(key):
        return table == target.fact.dotted
    return table.rpartition(".")[2] == target.fact.table


def _without_key(one: Mapper, other: Mapper) -> Iterator[Location]:
    """The columns of a table that are named after the other one and have no foreign key."""
    table = other.fact.table or ""
    named = {f"{name}{end}".lower() for name in (other.fact.name, table, table.removesuffix("s")) for end in _ENDS}
    for column in one.columns:
        if column.part.name.lower() in named and not column.part.foreign_keys:
            yield Location(column.path, column.part.line, "without a key")


def _is_readable(mapper: Mapper, view: View) -> bool:
    """Whether the class has a table of its own, with all of its foreign keys in the columns that source shows."""
    classes = view.bases_of(mapper)
    if classes is None or not mapper.own_table or mapper.fact.table is None or mapper.fact.extend_existing:
        return False
    above = {(module, record.qualname) for module, record in classes}
    if sum(key in view.by_key for key in above) > 1:
        return False  # it inherits from a mapped class, and the join may be to the parent's table
    if view.classes_of_table[mapper.fact.table_key] > 1:
        return False
    if any("__table_args__" in record.others for _, record in classes):  # it may hold a ForeignKeyConstraint
        return False
    return are_all_readable(mapper, view)


def _finding(link: RelationshipLink, target: Mapper, keys: list[Location], view: View) -> Finding:
    tables = f'"{link.mapper.fact.table}" and "{target.fact.table}"'
    bare = [] if keys else [*_without_key(link.mapper, target), *_without_key(target, link.mapper)]
    many = f"{len(keys)} foreign keys join {tables}, and nothing says which one it follows"
    why = many if keys else f"no foreign key joins {tables}"
    return Finding(
        id=f"{KIND}:{link.mapper.fact.module}.{link.name}",
        kind=KIND,
        severity=when_imported(view, link.mapper.fact.path, target.fact.path),
        title=f"{link.name} cannot be joined: {why}",
        locations=(link.location, *bare, *keys),
        evidence=(
            "foreign_keys=[...] would say it" if keys else f"Neither table has a ForeignKey to the other: {tables}",
            *(f"By its name this column is the one without a ForeignKey: {place}" for place in bare),
        ),
        details={"target": target.fact.name, "foreign_keys": [str(place) for place in keys]},
    )
