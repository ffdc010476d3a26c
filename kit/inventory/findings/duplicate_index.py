"""An index name that a metadata has twice, so that creating the tables fails.

Mostly ``index=True`` beside an explicit ``Index`` of the name that SQLAlchemy generates, ``ix_<table>_<column>``. They
stand in one class, or in two that share a table through ``extend_existing``.
https://docs.sqlalchemy.org/en/20/core/constraints.html#indexes
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kit.facts.inventory import Finding, Severity
from kit.facts.places import Location
from kit.inventory.findings.shared.severities import when_imported
from kit.inventory.findings.shared.view import View
from kit.inventory.mappers.from_source import Mapper
from kit.inventory.mappers.records import RuntimeIndex

KIND = "duplicate-index"


@dataclass(frozen=True, order=True)
class _Definition:
    """One definition of an index: where, on which table of which class, and how it is written."""

    location: Location
    table: str
    owner: tuple[str, str]
    how: str


def find(view: View) -> Iterator[Finding]:
    """One finding for each index name. The collision of two classes of one name reports what each has once."""
    running = {index.name: index for index in view.runtime.indexes}
    told = set()
    for (_, _, name), definitions in sorted(_definitions(view).items()):
        clash = _clash(definitions) or _across_classes(definitions, view)
        if name not in told and clash and (name in running or not _all_run(definitions, view)):
            told.add(name)
            yield _finding(name, sorted(set(definitions)), _severity(definitions, view), seen_running=name in running)
    shared = _tables_of_several_classes(view.mappers)
    for index in running.values():
        if index.name not in told and not set(index.tables) <= shared:
            yield _seen_running_only(index, view.mappers)


def _definitions(view: View) -> dict[tuple[str, str, str], list[_Definition]]:
    """The definitions of each index name of each MetaData and schema."""
    found: dict[tuple[str, str, str], list[_Definition]] = defaultdict(list)
    by_key = {mapper.key: mapper for mapper in view.mappers}
    for mapper in view.mappers:
        for name, definition in _of_mapper(mapper):
            found[mapper.fact.metadata, mapper.schema or "", name].append(definition)
    for module, file in view.names.files.items():
        for index in file.indexes:
            origin = view.names.resolve(module, index.columns[0].rpartition(".")[0]) if index.columns else None
            owner = by_key.get((origin.module, origin.name)) if origin else None
            if owner and owner.fact.table and index.name:
                place = Location(file.path, index.line, "index")
                definition = _Definition(place, owner.fact.table, owner.key, f'Index("{index.name}", ...)')
                found[owner.fact.metadata, owner.schema or "", index.name].append(definition)
    return found


def _of_mapper(mapper: Mapper) -> Iterator[tuple[str, _Definition]]:
    table = mapper.fact.table
    if table is None:
        return
    generated = f"ix_{mapper.schema}_{table}_" if mapper.schema else f"ix_{table}_"
    for column in mapper.columns:
        if column.part.index:
            place = Location(column.path, column.part.line, "column")
            how = f"index=True on the column {column.part.name}"
            yield generated + column.part.in_table, _Definition(place, table, mapper.key, how)
    for index in mapper.indexes:
        if index.part.kind == "index" and index.part.name != "" and index.part.columns:
            name = index.part.name or generated + index.part.columns[0]
            place = Location(index.path, index.part.line, "index")
            written = ", ".join(f'"{part}"' for part in (index.part.name, *index.part.columns) if part)
            yield name, _Definition(place, table, mapper.key, f"Index({written})")


def _clash(definitions: Sequence[_Definition]) -> bool:
    """Whether the metadata gets the name twice: from one class, or on two tables."""
    owners = [definition.owner for definition in set(definitions)]
    return len(set(owners)) < len(owners) or len({definition.table for definition in definitions}) > 1


def _across_classes(definitions: Sequence[_Definition], view: View) -> bool:
    """Whether two classes of different names that share one table through ``extend_existing`` both bring the index."""
    owners = [view.by_key[key].fact for key in dict.fromkeys(one.owner for one in definitions) if key in view.by_key]
    owning = [fact for fact in owners if view.by_key[fact.module, fact.qualname].own_table]
    plain = sum(not fact.extend_existing for fact in owning)
    return len({fact.name for fact in owning}) > 1 and plain < 2 and len({fact.table_key for fact in owning}) == 1


def _severity(definitions: Sequence[_Definition], view: View) -> Severity:
    """One class breaks the tables whenever it is there; two of them do when both are imported."""
    return "blocks_now" if _clash(definitions) else when_imported(view, *(one.location.path for one in definitions))


def _all_run(definitions: Sequence[_Definition], view: View) -> bool:
    """Whether the running target has all the classes, so that it would show the clash if there were one."""
    running = {mapper.key for mapper in view.mappers if mapper.runtime is not None}
    return all(definition.owner in running for definition in definitions)


def _tables_of_several_classes(mappers: Sequence[Mapper]) -> set[str]:
    tables = [mapper.fact.table for mapper in mappers if mapper.fact.table and mapper.own_table]
    return {table for table in tables if tables.count(table) > 1}


def _finding(name: str, definitions: Sequence[_Definition], severity: Severity, *, seen_running: bool) -> Finding:
    tables = sorted({definition.table for definition in definitions})
    evidence = [f"{definition.location}: {definition.how}" for definition in definitions]
    evidence += ["The running target has it twice as well"] if seen_running else []
    return Finding(
        id=f"{KIND}:{name}",
        kind=KIND,
        severity=severity,
        title=_title(name, tables),
        locations=tuple(definition.location for definition in definitions),
        evidence=tuple(evidence),
        details={"index": name, "tables": tables},
    )


def _seen_running_only(index: RuntimeIndex, mappers: Sequence[Mapper]) -> Finding:
    tables = sorted(set(index.tables))
    return Finding(
        id=f"{KIND}:{index.name}",
        kind=KIND,
        severity="blocks_now",
        title=_title(index.name, tables),
        locations=tuple(mapper.fact.location for mapper in mappers if mapper.own_table and mapper.fact.table in tables),
        evidence=(f"The running target has it {len(index.tables)} times; source does not show all of them",),
        details={"index": index.name, "tables": tables},
        only_running=True,
    )


def _title(name: str, tables: Sequence[str]) -> str:
    if len(tables) == 1:
        return f'Index "{name}" is defined twice on table "{tables[0]}"'
    quoted = [f'"{table}"' for table in tables]
    return f'Index "{name}" is defined on the tables {", ".join(quoted[:-1])} and {quoted[-1]}'
