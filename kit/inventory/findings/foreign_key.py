"""A foreign key to a table or a column that the target does not define.

https://docs.sqlalchemy.org/en/20/core/constraints.html#defining-foreign-keys
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial

from kit.facts.inventory import Finding
from kit.facts.places import Location
from kit.inventory.findings.shared.columns import are_all_readable
from kit.inventory.findings.shared.places import column_place, mapper_of_table
from kit.inventory.findings.shared.severities import runs, when_imported
from kit.inventory.findings.shared.view import View
from kit.inventory.mappers.from_source import Declared, Mapper
from kit.inventory.mappers.records import RuntimeForeignKey, RuntimeTable
from kit.inventory.names.constants import is_known
from kit.inventory.source.records import Column

KIND = "foreign-key"


@dataclass(frozen=True)
class _Tables:
    """The columns of each table of the target, by its name with its schema; ``None`` where not all can be read."""

    columns: dict[str, frozenset[str] | None]

    @classmethod
    def of(cls, view: View) -> _Tables | None:
        """``None`` when some table's very name only running the code would tell."""
        found: dict[str, frozenset[str] | None] = {}
        for mapper in view.mappers:
            if mapper.fact.table is None:
                return None
            name = _qualified(mapper.schema, mapper.fact.table)
            names = _column_names(mapper, view)
            before = found.get(name, frozenset())
            found[name] = before | names if names is not None and before is not None else None
        for file in view.files:
            if file.error:
                return None
            found |= {_qualified(call.schema, call.table): None for call in file.tables if call.table}
        return cls(found)


def find(view: View) -> Iterator[Finding]:
    """One finding for each column, from source where source shows it, else from the running target."""
    told = set()
    for finding in _in_source(view):
        told.add(finding.id)
        yield finding
    for finding in _running(view):
        if finding.id not in told:
            told.add(finding.id)
            yield finding


def _running(view: View) -> Iterator[Finding]:
    """What the running target misses. It says nothing when it could not import all, or not the table's own module."""
    in_source = {call.table for file in view.files for call in file.tables}
    for table in () if view.runtime.errors or view.runtime.problems else view.runtime.tables:
        for key in table.foreign_keys:
            place = column_place(table, key.column, view)
            if key.missing is not None and place is not None and key.table.rpartition(".")[2] not in in_source:
                yield _seen_running(table, key, place, view)


def _seen_running(table: RuntimeTable, key: RuntimeForeignKey, place: Location, view: View) -> Finding:
    mapper = mapper_of_table(table, view)
    owner = mapper.fact.dotted if mapper else table.full_name
    column = next((one.part.name for one in _columns(mapper) if one.part.in_table == key.column), key.column)
    is_table = key.missing == "table"
    what = f'table "{key.table}" is defined' if is_table else f'column "{key.target}" is in {key.table}'
    elsewhere = [one for one in view.runtime.tables if one.full_name == key.table and one.metadata != table.metadata]
    homes = [one.fact.location for one in map(partial(mapper_of_table, view=view), elsewhere) if one]
    is_elsewhere = is_table and bool(elsewhere)
    return Finding(
        id=f"{KIND}:{owner}.{column}",
        kind=KIND,
        severity=when_imported(view, place.path) if mapper or is_elsewhere else "smell",
        title=f'{owner.rpartition(".")[2]}.{column} has a foreign key to "{key.table}.{key.target}", '
        + ("which is in another MetaData" if is_elsewhere else "which does not exist"),
        locations=(place, *(homes if is_elsewhere else ())),
        evidence=(
            f"With all modules imported no {what} in its own MetaData",
            "Flask-SQLAlchemy has a MetaData for each bind: both tables need the same bind_key",
        )
        if is_elsewhere
        else (f"With all modules imported no {what}",),
        details={"target": f"{key.table}.{key.target}"},
        only_running=True,
    )


def _columns(mapper: Mapper | None) -> tuple[Declared[Column], ...]:
    return mapper.columns if mapper else ()


def _in_source(view: View) -> Iterator[Finding]:
    tables = _Tables.of(view)
    for mapper in view.mappers if tables else ():
        if tables is None or view.bases_of(mapper) is None or runs(view, mapper):
            continue
        for column in mapper.columns:
            for target in column.part.foreign_keys:
                why = _why_unknown(target, tables)
                if why is not None:
                    yield _finding(mapper, column, target, why, view)


def _why_unknown(target: str, tables: _Tables) -> str | None:
    """What is missing, and what is near to it; ``None`` when nothing is, or when the target is not a string."""
    table, _, name = target.rpartition(".")
    if not table or not is_known(target):
        return None
    if table not in tables.columns:
        if any(known.endswith(f".{table}") for known in tables.columns):  # the schema may be one of the metadata
            return None
        near = get_close_matches(table, tables.columns, n=1)
        return f'no table "{table}" is defined' + (f" (near to it: {near[0]})" if near else "")
    names = tables.columns[table]
    if names is None or name in names:
        return None
    return f'table "{table}" has no column "{name}" ({", ".join(sorted(names))})'


def _column_names(mapper: Mapper, view: View) -> frozenset[str] | None:
    """The names under which a foreign key can mean the columns of a class; ``None`` when there may be others."""
    if not are_all_readable(mapper, view):
        return None
    records = [record for _, record in view.bases_of(mapper) or ()]
    columns = [column for record in records for column in record.columns] + [item.part for item in mapper.columns]
    return frozenset(name for column in columns for name in (column.name, column.in_table))


def _qualified(schema: str | None, table: str) -> str:
    return f"{schema}.{table}" if schema else table


def _finding(mapper: Mapper, column: Declared[Column], target: str, why: str, view: View) -> Finding:
    return Finding(
        id=f"{KIND}:{mapper.fact.dotted}.{column.part.name}",
        kind=KIND,
        severity=when_imported(view, mapper.fact.path),
        title=f'{mapper.fact.name}.{column.part.name} has a foreign key to "{target}", which does not exist',
        locations=(Location(column.path, column.part.line, "column"),),
        evidence=(f"In the target {why}",),
        details={"target": target},
    )
