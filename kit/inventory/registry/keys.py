"""Foreign keys with the modules that define the table which each names: until one is imported, no table is created.

https://docs.sqlalchemy.org/en/20/core/exceptions.html#sqlalchemy.exc.NoReferencedTableError
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kit.facts.places import Location
from kit.inventory.mappers.from_source import Mapper
from kit.inventory.mappers.metadata import table_metadata
from kit.inventory.names.constants import is_known
from kit.inventory.names.names import Names


@dataclass(frozen=True)
class Home:
    """Where a table is defined."""

    module: str
    location: Location


@dataclass(frozen=True)
class TableReference:
    """A foreign key of a class in ``module`` to a table, and where the target defines that table in its MetaData."""

    module: str
    table: str
    location: Location
    homes: tuple[Home, ...]


def foreign_keys(mappers: Sequence[Mapper], names: Names) -> Iterator[TableReference]:
    """Every foreign key whose table is defined in the source."""
    homes = _homes(mappers, names)
    for mapper in mappers:
        for column in mapper.columns:
            for key in column.part.foreign_keys:
                table = key.rpartition(".")[0]
                found = homes.get((mapper.fact.metadata, table), ()) if is_known(key) else ()
                if found and all(home.module in names.files for home in found):
                    yield TableReference(
                        mapper.fact.module, table, Location(column.path, column.part.line, "column"), tuple(found)
                    )


def _homes(mappers: Sequence[Mapper], names: Names) -> dict[tuple[str, str], list[Home]]:
    """By MetaData and name, with and without the schema, which may be that of the MetaData."""
    found: dict[tuple[str, str], list[Home]] = defaultdict(list)

    def add(metadata: str, schema: str | None, table: str | None, home: Home) -> None:
        for name in {table, f"{schema}.{table}"} if table else ():
            found[metadata, str(name)].append(home)

    for mapper in mappers:
        add(mapper.fact.metadata, mapper.schema, mapper.fact.table, Home(mapper.fact.module, mapper.fact.location))
    for module, file in names.files.items():
        for call in file.tables:
            home = Home(module, Location(file.path, call.line, "definition"))
            add(table_metadata(call, module, names), call.schema, call.table, home)
    return found
