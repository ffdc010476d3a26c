"""A mapped class whose table has no primary key: SQLAlchemy refuses it when its module is imported.

https://docs.sqlalchemy.org/en/20/faq/ormconfiguration.html#how-do-i-map-a-table-that-has-no-primary-key
"""

from __future__ import annotations

from collections.abc import Iterator

from kit.facts.inventory import Finding
from kit.inventory.findings.shared.columns import are_all_readable
from kit.inventory.findings.shared.severities import when_imported
from kit.inventory.findings.shared.view import View
from kit.inventory.mappers.from_source import Mapper

KIND = "no-primary-key"
#: attributes of a class that may name the primary key
_ARGUMENTS = frozenset({"__table_args__", "__mapper_args__", "__table_cls__", "__init_subclass__"})


def find(view: View) -> Iterator[Finding]:
    """One finding for each class, where every column of its table can be read in the source."""
    for mapper in view.mappers:
        if mapper.columns and mapper.own_table and mapper.runtime is None and _has_none(mapper, view):
            yield Finding(
                id=f"{KIND}:{mapper.fact.dotted}",
                kind=KIND,
                severity=when_imported(view, mapper.fact.path),
                title=f"{mapper.fact.name} has no primary key",
                locations=(mapper.fact.location,),
                evidence=(f"None of its columns is one: {', '.join(mapper.fact.columns)}",),
                details={"table": mapper.fact.table, "columns": list(mapper.fact.columns)},
            )


def _has_none(mapper: Mapper, view: View) -> bool:
    classes = view.bases_of(mapper)
    if classes is None or mapper.fact.extend_existing or not are_all_readable(mapper, view):
        return False
    for module, record in classes:
        if _ARGUMENTS & set(record.others):
            return False
        if any(view.names.takes_arguments(view.names.resolve(module, base)) for base in record.bases):
            return False  # declarative_base(cls=...), whose argument is not read
    return not any(column.part.primary_key for column in mapper.columns)
