"""A class of a declarative base that names no table, inherits none, and is not abstract: SQLAlchemy refuses it.

https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html
"""

from __future__ import annotations

from collections.abc import Iterator

from kit.facts.inventory import Finding
from kit.facts.places import Location
from kit.inventory.findings.shared.severities import when_imported
from kit.inventory.findings.shared.view import View
from kit.inventory.mappers.bases import SQLMODEL, Bases
from kit.inventory.names.names import BINDING_SCOPES
from kit.inventory.source.records import ClassRecord

KIND = "no-table-name"
#: what gives a class a table in a way that source only hints at
_GIVING = frozenset({"__tablename__", "__table__", "__table_cls__", "__init_subclass__"})


def find(view: View) -> Iterator[Finding]:
    """One finding for each class with columns of its own."""
    bases = Bases(view.names)
    running = {mapper.key for mapper in view.mappers}
    for (module, qualname), record in view.names.classes.items():
        if record.columns and (module, qualname) not in running and _has_none(module, record, bases, view):
            path = view.names.files[module].path
            yield Finding(
                id=f"{KIND}:{module}.{qualname}",
                kind=KIND,
                severity=when_imported(view, path),
                title=f"{record.name} names no table",
                locations=(Location(path, record.line, "definition"),),
                evidence=(
                    "Neither it nor a class above it has __tablename__ or __table__, and it is not __abstract__",
                    f"It has columns: {', '.join(column.name for column in record.columns)}",
                ),
                details={"columns": [column.name for column in record.columns]},
            )


def _has_none(module: str, record: ClassRecord, bases: Bases, view: View) -> bool:
    lineage = bases.lineage(module, record)
    above = bases.whole_lineage(module, record)
    if lineage.is_base or lineage.base is None or above is None or record.scope not in BINDING_SCOPES:
        return False
    if record.abstract or lineage.base.registry == SQLMODEL or lineage.base.names_tables:
        return False
    if any(item.decorators for _, item in above):  # as_declarative(metaclass=...)
        return False
    if any(item.has_table or _GIVING & {name.removesuffix("()") for name in item.others} for _, item in above):
        return False
    origins = [view.names.resolve(owner, base) for owner, item in above for base in item.bases]
    return not any(view.names.takes_arguments(origin) for origin in origins)  # declarative_base(cls=...)
