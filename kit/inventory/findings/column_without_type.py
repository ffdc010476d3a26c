"""A column without a type and without a foreign key to take one from: its table cannot be created.

https://docs.sqlalchemy.org/en/20/core/metadata.html#sqlalchemy.schema.Column.params.type_
"""

from __future__ import annotations

from collections.abc import Iterator

from kit.facts.inventory import Finding
from kit.inventory.findings.shared.places import column_place
from kit.inventory.findings.shared.severities import when_imported
from kit.inventory.findings.shared.view import View

KIND = "column-without-type"


def find(view: View) -> Iterator[Finding]:
    """One finding for each column of a class body; a ``Table`` may be a view, or reflected, and is a smell."""
    for table in view.runtime.tables:
        for column in table.untyped:
            place = column_place(table, column, view)
            if place is None:
                continue
            yield Finding(
                only_running=True,
                id=f"{KIND}:{table.full_name}.{column}",
                kind=KIND,
                severity=when_imported(view, place.path) if place.role == "column" else "smell",
                title=f"The column {table.full_name}.{column} has no type",
                locations=(place,),
                evidence=("Creating the table fails: Can't generate DDL for NullType()",),
                details={"table": table.full_name, "column": column},
            )
