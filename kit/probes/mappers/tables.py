"""What the tables of a metadata are made of (see ``main.py``). Nothing is resolved, so nothing is changed."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Iterable, Iterator, List, Set

    from .records import RecordPipe
    from .tracing import Trace


def say_tables(metadatas: Iterable[Any], out: RecordPipe, trace: Trace) -> None:
    from sqlalchemy.types import NullType

    for metadata in metadatas:
        for table in list(metadata.tables.values()):
            columns = list(table.columns)
            out.say(
                "table",
                id=id(table),
                metadata=id(metadata),
                name=table.name,
                schema=table.schema,
                columns=[str(column.name) for column in columns],
                keys=[str(column.name) for column in columns if column.primary_key],
                untyped=[str(c.name) for c in columns if isinstance(c.type, NullType) and not c.foreign_keys],
                foreign_keys=[link for column in columns for link in foreign_keys(table, column)],
                names=sorted(constraint_names(table)),
                imported_through=trace.chain(table),
            )


def foreign_keys(table: Any, column: Any) -> Iterator[List[Any]]:
    """``[column, table it means, column it means, use_alter, has a name, whether they exist]``."""
    for key in column.foreign_keys:
        wanted, _, name = str(key.target_fullname).rpartition(".")
        schema = table.metadata.schema
        tables = [table.metadata.tables.get(one) for one in (wanted, "%s.%s" % (schema, wanted))]
        target = next((one for one in tables if one is not None), None)
        if getattr(key, "_table_column", None) is not None:  # given as a Column, which may be of another metadata
            missing = None
        elif target is None:
            missing = "table"
        else:
            missing = None if name in target.columns or name in names_of(target) else "column"
        constraint = key.constraint
        alter, named = bool(getattr(constraint, "use_alter", False)), isinstance(constraint.name, str)
        yield [str(column.name), wanted, name, alter, named, missing]


def names_of(table: Any) -> Set[str]:
    return {column.name for column in table.columns}


def constraint_names(table: Any) -> Iterator[List[str]]:
    """``[name, kind]`` of what the database keeps by name."""
    for constraint in table.constraints:
        if isinstance(constraint.name, str):
            yield [str(constraint.name), constraint.__visit_name__]
    for index in table.indexes:
        if isinstance(index.name, str):
            yield [str(index.name), "index"]
