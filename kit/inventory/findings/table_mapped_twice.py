"""One table mapped by two classes of different names that are not parent and child.

The second definition either fails (``Table 'x' is already defined``) or, with ``extend_existing``, silently adds to
the first; one without columns is the first. https://docs.sqlalchemy.org/en/20/core/metadata.html#sqlalchemy.schema.Table.params.extend_existing
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from kit.facts.inventory import Finding, MappedClass
from kit.facts.places import Location
from kit.inventory.findings.shared.view import View
from kit.inventory.mappers.from_source import Mapper
from kit.inventory.source.roles import may_meet

KIND = "table-mapped-twice"


def find(view: View) -> Iterator[Finding]:
    """One finding for each table, unless its classes have one name: that is a duplicate class.

    It is a smell where the running target maps all of the classes to the table: then nothing breaks.
    """
    tables: dict[tuple[str, str, str], list[Mapper]] = defaultdict(list)
    for mapper in view.mappers:
        if mapper.fact.table and mapper.own_table and not _inherits_table(mapper, view.mappers):
            tables[mapper.fact.metadata, mapper.schema or "", mapper.fact.table].append(mapper)
    names = [table for _, _, table in tables]
    for (_, _, table), mappers in sorted(tables.items()):
        registry = mappers[0].registry
        if len({mapper.fact.name for mapper in mappers}) > 1:
            identity = table if names.count(table) == 1 else f"{table}@{registry}"
            running = {mapper.runtime.table_id if mapper.runtime else None for mapper in mappers}
            is_one = len(running) == 1 and None not in running
            meet = may_meet((mapper.fact.path for mapper in mappers), view.suite_paths)
            yield _finding(identity, registry, table, [mapper.fact for mapper in mappers], running=is_one, meet=meet)


def _inherits_table(mapper: Mapper, mappers: Sequence[Mapper]) -> bool:
    """Whether a class has its table from the class above it, as only the running target can tell."""
    runtime = mapper.runtime
    return (
        runtime is not None
        and runtime.inherits is not None
        and any(
            other.runtime is not None
            and other.runtime.key == runtime.inherits
            and other.runtime.table_id == runtime.table_id
            for other in mappers
        )
    )


def _finding(
    identity: str, registry: str, table: str, classes: Sequence[MappedClass], *, running: bool, meet: bool
) -> Finding:
    first, *others = sorted(classes, key=lambda fact: (fact.extend_existing, fact.path, fact.line))
    plain = sum(not fact.extend_existing for fact in classes)
    may_break = plain > 1 and not running and meet
    return Finding(
        id=f"{KIND}:{identity}",
        kind=KIND,
        severity="blocks_when_both_imported" if may_break else "smell",
        title=f'Table "{table}" is mapped by {_enumerated([fact.name for fact in (first, *others)])}',
        locations=(
            Location(first.path, first.line, "definition"),
            *(Location(fact.path, fact.line, "duplicate") for fact in others),
        ),
        evidence=(
            *(
                f"{fact.dotted}: {len(fact.columns)} columns, {len(fact.relationships)} relationships"
                + (", adds to what is there" if fact.extend_existing else "")
                for fact in (first, *others)
            ),
            *(("The running target maps all of them to one and the same table",) if running else ()),
        ),
        details={"registry": registry, "table": table, "extend_existing": plain < len(classes)},
    )


def _enumerated(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
