"""Two constraints of one name where the database keeps them by name.

PostgreSQL refuses the second constraint of a name on one table, and a unique constraint named like any other, or like
an index, of its schema. SQLite takes all of them. https://docs.sqlalchemy.org/en/20/core/constraints.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from kit.facts.inventory import Finding
from kit.facts.places import Location
from kit.inventory.findings.shared.places import mapper_of_table
from kit.inventory.findings.shared.severities import runs
from kit.inventory.findings.shared.view import View
from kit.inventory.mappers.from_source import Mapper
from kit.inventory.mappers.records import RuntimeTable

KIND = "duplicate-constraint"
#: these have an index of their name, which no other may have in the schema
_WITH_INDEX = frozenset({"unique_constraint", "primary_key_constraint", "index"})


def find(view: View) -> Iterator[Finding]:
    """One finding for each name; index names alone are another rule's."""
    told = set()
    for name, tables in _running(view):
        told.add(name)
        yield _finding(name, sorted({table.full_name for table in tables}), list(_places(name, tables, view)))
    for mapper in view.mappers:
        for name in () if runs(view, mapper) else _twice_in_source(mapper):
            if name not in told:
                places = [
                    Location(one.path, one.part.line, "constraint") for one in mapper.indexes if one.part.name == name
                ]
                yield _finding(name, [mapper.fact.table or mapper.fact.name], places)


def _running(view: View) -> Iterator[tuple[str, list[RuntimeTable]]]:
    names: dict[tuple[int, str, str], list[tuple[RuntimeTable, str]]] = defaultdict(list)
    for table in view.runtime.tables:
        for name, kind in table.names:
            names[table.metadata, table.schema or "", name].append((table, kind))
    for (_, _, name), uses in sorted(names.items(), key=lambda item: item[0][1:]):
        clashing = [(table, kind) for table, kind in uses if _clashes(table, kind, uses)]
        if any(kind != "index" for _, kind in clashing):
            yield name, [table for table, _ in clashing]


def _clashes(table: RuntimeTable, kind: str, uses: Sequence[tuple[RuntimeTable, str]]) -> bool:
    """Whether another use of the name is on the same table, or needs an index of that name as well."""
    same_table = sum(other.id == table.id for other, _ in uses) > 1
    return same_table or (kind in _WITH_INDEX and sum(other in _WITH_INDEX for _, other in uses) > 1)


def _twice_in_source(mapper: Mapper) -> list[str]:
    names = [one.part.name for one in mapper.indexes if one.part.kind == "constraint" and one.part.name]
    return sorted({name for name in names if names.count(name) > 1})


def _places(name: str, tables: Sequence[RuntimeTable], view: View) -> Iterator[Location]:
    for table in {table.id: table for table in tables}.values():
        mapper = mapper_of_table(table, view)
        if mapper is None:
            yield from (Location(*step, "definition") for step in table.imported_through[-1:])
            continue
        written = [Location(one.path, one.part.line, "constraint") for one in mapper.indexes if one.part.name == name]
        yield from written or [Location(mapper.fact.path, mapper.fact.line, "definition")]


def _finding(name: str, tables: Sequence[str], places: Sequence[Location]) -> Finding:
    where = f"table {tables[0]}" if len(tables) == 1 else f"the tables {', '.join(tables)}"
    return Finding(
        id=f"{KIND}:{name}",
        kind=KIND,
        severity="smell",
        title=f'"{name}" is the name of several constraints on {where}',
        locations=tuple(dict.fromkeys(places)),
        evidence=(f'PostgreSQL refuses the second one: relation or constraint "{name}" already exists',),
        details={"constraint": name, "tables": list(tables)},
    )
