"""Where in source the things stand that the running target knows by name."""

from __future__ import annotations

from kit.facts.places import Location
from kit.inventory.findings.shared.view import View
from kit.inventory.mappers.from_source import Mapper
from kit.inventory.mappers.records import RuntimeTable


def mapper_at(key: tuple[str, str] | None, view: View) -> Mapper | None:
    """The mapped class of a module and a qualified name."""
    return view.by_key.get(key) if key else None


def relationship_place(mapper: Mapper, name: str | None) -> Location:
    """Where a relationship is written; where source does not show it, its class."""
    written = next((item for item in mapper.relationships if item.part.name == name), None)
    if written:
        return Location(written.path, written.part.line, "relationship")
    return Location(mapper.fact.path, mapper.fact.line, "mapper")


def mapper_of_table(table: RuntimeTable, view: View) -> Mapper | None:
    """The class that a table of the running target was made for."""
    return view.by_table.get(table.id)


def column_place(table: RuntimeTable, column: str, view: View) -> Location | None:
    """Where a column is written; else its class, else the statement that defined the table."""
    mapper = mapper_of_table(table, view)
    if mapper is not None:
        written = next((item for item in mapper.columns if item.part.in_table == column), None)
        if written:
            return Location(written.path, written.part.line, "column")
        return Location(mapper.fact.path, mapper.fact.line, "definition")
    return Location(*table.imported_through[-1], "definition") if table.imported_through else None
