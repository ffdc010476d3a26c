"""Tables whose foreign keys go round, so that none can be created or dropped before the others.

SQLAlchemy adds such keys afterwards where the database can, and needs their names to drop them.
https://docs.sqlalchemy.org/en/20/core/constraints.html#creating-dropping-foreign-key-constraints-via-alter
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kit.facts.inventory import Finding
from kit.inventory.findings.shared.places import column_place
from kit.inventory.findings.shared.view import View
from kit.inventory.imports.cycles import components
from kit.inventory.mappers.records import RuntimeTable

KIND = "table-cycle"


def find(view: View) -> Iterator[Finding]:
    """One finding for each group of tables that all reach each other, keys with ``use_alter`` apart."""
    for metadata in sorted({table.metadata for table in view.runtime.tables}):
        tables = {table.full_name: table for table in view.runtime.tables if table.metadata == metadata}
        edges = {name: _targets(table, tables) for name, table in tables.items()}
        for group in components(edges):
            if len(group) > 1:
                yield _finding([tables[name] for name in sorted(group)], group, view)


def _targets(table: RuntimeTable, tables: dict[str, RuntimeTable]) -> set[str]:
    return {key.table for key in table.foreign_keys if not key.use_alter and key.table in tables} - {table.full_name}


def _finding(tables: Sequence[RuntimeTable], group: frozenset[str], view: View) -> Finding:
    keys = [(table, key) for table in tables for key in table.foreign_keys if key.table in group - {table.full_name}]
    keys = [(table, key) for table, key in keys if not key.use_alter]
    places = [column_place(table, key.column, view) for table, key in keys]
    names = [table.full_name for table in tables]
    unnamed = [f"{table.full_name}.{key.column}" for table, key in keys if not key.named]
    evidence = [f"{table.full_name}.{key.column} refers to {key.table}.{key.target}" for table, key in keys]
    if unnamed:
        evidence.append(f"Without a name, these keys cannot be dropped first: {', '.join(unnamed)}")
    return Finding(
        only_running=True,
        id=f"{KIND}:{names[0]}",
        kind=KIND,
        severity="smell",
        title=f"The foreign keys of {', '.join(names[:-1])} and {names[-1]} go round",
        locations=tuple(dict.fromkeys(place for place in places if place)),
        evidence=(*evidence, "use_alter=True with a name on one of them breaks the circle"),
        details={"tables": names},
    )
