"""A foreign key that is added to its table afterwards (``use_alter``) and has no name by which it could be dropped.

https://docs.sqlalchemy.org/en/20/core/constraints.html#configuring-a-naming-convention-for-a-metadata-collection
"""

from __future__ import annotations

from collections.abc import Iterator

from kit.facts.inventory import Finding
from kit.inventory.findings.shared.places import column_place
from kit.inventory.findings.shared.view import View

KIND = "unnamed-constraint"


def find(view: View) -> Iterator[Finding]:
    """One finding for each foreign key. It is a smell: databases without ALTER never name it."""
    for table in view.runtime.tables:
        for key in table.foreign_keys:
            place = column_place(table, key.column, view) if key.use_alter and not key.named else None
            if place is None:
                continue
            yield Finding(
                only_running=True,
                id=f"{KIND}:{table.full_name}.{key.column}",
                kind=KIND,
                severity="smell",
                title=f"The foreign key of {table.full_name}.{key.column} has use_alter and no name",
                locations=(place,),
                evidence=("Dropping the tables fails: Can't emit DROP CONSTRAINT, it has no name",),
                details={"table": table.full_name, "column": key.column, "target": f"{key.table}.{key.target}"},
            )
