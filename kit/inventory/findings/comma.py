"""A comma too many or too few in the body of a mapped class.

``x = Column(Integer),`` is a tuple, and no column: SQLAlchemy ignores it, with a warning. ``(Index("a", "b"))`` is no
tuple, and as ``__table_args__`` SQLAlchemy refuses it.
https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html#declarative-table-configuration
"""

from __future__ import annotations

from collections.abc import Iterator

from kit.facts.inventory import Finding
from kit.facts.places import Location
from kit.inventory.findings.shared.severities import when_imported
from kit.inventory.findings.shared.view import View
from kit.inventory.mappers.from_source import Mapper
from kit.inventory.source.records import Slip

KIND = "comma"


def find(view: View) -> Iterator[Finding]:
    """One finding for each attribute. A lost column is a smell, since the class is mapped all the same."""
    for mapper in view.mappers:
        record = view.names.classes.get(mapper.key)
        for slip in record.slips if record else ():
            yield _finding(mapper, slip, view)


def _finding(mapper: Mapper, slip: Slip, view: View) -> Finding:
    name = f"{mapper.fact.name}.{slip.name}"
    is_lost = slip.kind == "tuple"
    return Finding(
        id=f"{KIND}:{mapper.fact.dotted}.{slip.name}",
        kind=KIND,
        severity="smell" if is_lost else when_imported(view, mapper.fact.path),
        title=f"{name} is a tuple, since a comma follows it"
        if is_lost
        else f"{name} lacks the comma that makes a tuple",
        locations=(Location(mapper.fact.path, slip.line, "attribute"),),
        evidence=(
            "SQLAlchemy ignores it: Ignoring declarative-like tuple value of attribute"
            if is_lost
            else "SQLAlchemy refuses the class: __table_args__ value must be a tuple, dict, or None",
        ),
        details={"attribute": slip.name},
    )
