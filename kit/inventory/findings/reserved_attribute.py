"""A mapped attribute named ``metadata`` or ``registry``, which declarative classes keep for themselves.

SQLAlchemy before 2.1 refuses a class with a ``metadata`` when its module is imported; 2.1 only warns. ``registry`` is
never refused, and 2.1 warns of it too.
https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html#naming-declarative-mapped-columns-explicitly
"""

from __future__ import annotations

from collections.abc import Iterator

from kit.facts.inventory import Finding, Severity
from kit.facts.places import Location
from kit.inventory.findings.shared.severities import when_imported
from kit.inventory.findings.shared.view import View

KIND = "reserved-attribute"
_RESERVED = frozenset({"metadata", "registry"})
#: from this series on SQLAlchemy only warns
_WARNS = (2, 1)


def find(view: View) -> Iterator[Finding]:
    """One finding for each class and attribute; a class that runs all the same is left alone."""
    for mapper in view.mappers:
        places = {item.part.name: (item.path, item.part.line) for item in mapper.columns}
        places |= {item.part.name: (item.path, item.part.line) for item in mapper.relationships}
        for name in sorted(_RESERVED & places.keys()):
            if mapper.runtime is None and _is_declared(mapper.key, view):
                yield Finding(
                    id=f"{KIND}:{mapper.fact.dotted}.{name}",
                    kind=KIND,
                    severity=_severity(name, mapper.fact.path, view),
                    title=f'{mapper.fact.name} maps an attribute named "{name}", which is reserved',
                    locations=(Location(*places[name], "attribute"), mapper.fact.location),
                    evidence=(f'Another attribute name can keep the column: mapped_column("{name}", ...)',),
                    details={"attribute": name},
                )


def _severity(name: str, path: str, view: View) -> Severity:
    warns = name == "registry" or (view.sqlalchemy is not None and view.sqlalchemy >= _WARNS)
    return "smell" if warns else when_imported(view, path)


def _is_declared(key: tuple[str, str], view: View) -> bool:
    """Whether the attributes stand in a class body: a ``Table`` may well have a column of that name."""
    record = view.names.classes.get(key)
    return record is not None and "__table__" not in record.references
