"""Mapped classes as source shows them: declarative ones of every style, and imperative mappings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from kit.facts.inventory import MappedClass, Relationship
from kit.inventory.mappers.bases import SQLMODEL, Base, Bases, Lineage
from kit.inventory.mappers.metadata import flask_table_name, metadata_of, table_metadata
from kit.inventory.mappers.records import RuntimeMapper
from kit.inventory.names.names import BINDING_SCOPES, Names
from kit.inventory.source.annotations import relationship_target
from kit.inventory.source.records import ClassRecord, Column, IndexCall, RelationshipCall

T = TypeVar("T")

#: where a class statement stands that runs when its module is imported
_IMPORTED_SCOPES = BINDING_SCOPES | {"class"}


@dataclass(frozen=True)
class Declared(Generic[T]):
    """A part of a mapping with the file and module it is written in: a mixin's parts belong to all its classes."""

    path: str
    module: str
    part: T


@dataclass(frozen=True)
class Mapper:
    """A mapped class with what a finding needs to know beyond :class:`MappedClass`.

    Mappers of one ``registry`` share the table of class names. ``own_table`` is false for a class that shares its
    parent's table (single-table inheritance). Columns, relationships and indexes include those of mixins and of the
    base; a class that only the running target knows has none, but ``runtime``.
    """

    fact: MappedClass
    registry: str
    own_table: bool = True
    columns: tuple[Declared[Column], ...] = ()
    relationships: tuple[Declared[RelationshipCall], ...] = ()
    indexes: tuple[Declared[IndexCall], ...] = ()
    runtime: RuntimeMapper | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Module and qualified name."""
        return self.fact.module, self.fact.qualname

    @property
    def schema(self) -> str | None:
        """The schema of its table."""
        return self.fact.schema


def source_mappers(names: Names) -> tuple[Mapper, ...]:
    """Every class that is mapped when its module is imported, by path and line."""
    found = [*_Declarative(names).mappers(), *_imperative(names)]
    return tuple(sorted(found, key=lambda mapper: (mapper.fact.path, mapper.fact.line)))


class _Declarative:
    """Sorts the mapped classes out of all classes."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.bases = Bases(names)

    def mappers(self) -> Iterator[Mapper]:
        for (module, _), record in self.names.classes.items():
            if record.scope in _IMPORTED_SCOPES:
                lineage = self.bases.lineage(module, record)
                if lineage.base is not None and self._is_mapped(record, lineage):
                    yield self._mapper(module, record, lineage, lineage.base)

    def _is_mapped(self, record: ClassRecord, lineage: Lineage) -> bool:
        base = lineage.base
        if base is None or record.abstract:
            return False
        if lineage.is_base:  # never mapped, except a class that stands on a call: class User(declarative_base())
            return record.has_table and any(name.endswith("()") for name in record.bases)
        if base.registry == SQLMODEL:
            return record.is_table
        if base.names_tables or any(item.has_table for _, item in lineage.classes):
            return True
        return self.bases.is_proven(base) and any(item.columns for _, item in lineage.classes)

    def _mapper(self, module: str, record: ClassRecord, lineage: Lineage, base: Base) -> Mapper:
        parent = self._mapped_parent(lineage)
        inherited = parent.classes if parent else ()
        parts = [item for item in lineage.classes if item not in inherited]
        own_table = parent is None or any(item.has_table or item.is_table for _, item in parts)
        table = self._table(parts if own_table else list(lineage.classes), base)
        columns, relationships = self._attributes(parts)
        columns = columns or table.columns
        fact = MappedClass(
            name=record.name,
            module=module,
            qualname=record.qualname,
            path=self.names.files[module].path,
            line=record.line,
            end_line=record.end_line,
            base=base.identity,
            table=table.name,
            columns=tuple(item.part.name for item in columns),
            relationships=tuple(_relationship(item.part) for item in relationships),
            extend_existing=table.extend_existing or any(item.extend_existing for _, item in parts),
            schema=next((item.schema for _, item in parts if item.schema), table.schema),
            metadata=table.metadata or metadata_of(lineage.classes, base.registry, self.names),
        )
        indexes = (*self._declared(parts, lambda item: item.indexes), *table.indexes)
        return Mapper(fact, base.registry, own_table, columns, relationships, indexes)

    def _mapped_parent(self, lineage: Lineage) -> Lineage | None:
        """The lineage of the nearest mapped class above a class."""
        for module, record in lineage.classes[1:]:
            above = self.bases.lineage(module, record)
            if self._is_mapped(record, above):
                return above
        return None

    def _table(self, parts: list[tuple[str, ClassRecord]], base: Base) -> _Table:
        """The table that the nearest class names; its name is ``None`` where only running the code would tell."""
        for module, record in parts:
            if "__table__" in record.references:
                return _table_at(self.names, module, record.references["__table__"])
            if record.has_table:
                return _Table(record.table)
            if record.is_table and base.registry == SQLMODEL:
                return _Table(record.name.lower())
        if base.is_flask and parts and parts[0][1].columns:
            return _Table(flask_table_name(parts[0][1].name))
        return _Table(None)

    def _attributes(
        self, classes: list[tuple[str, ClassRecord]]
    ) -> tuple[tuple[Declared[Column], ...], tuple[Declared[RelationshipCall], ...]]:
        """Columns and relationships, of attributes of one name the nearest, as Python finds them: a mixin's
        ``user: Mapped["User"]`` looks like a column until a class makes it a relationship.
        """
        columns: dict[str, Declared[Column]] = {}
        relationships: dict[str, Declared[RelationshipCall]] = {}
        for module, record in classes:
            path = self.names.files[module].path
            nearer = columns.keys() | relationships.keys()
            for column in record.columns:
                if column.name not in nearer:
                    columns.setdefault(column.name, Declared(path, module, column))
            for call in record.relationships:
                if call.name not in nearer:
                    relationships.setdefault(call.name, Declared(path, module, call))
        return tuple(columns.values()), tuple(relationships.values())

    def _declared(
        self, classes: list[tuple[str, ClassRecord]], parts: Callable[[ClassRecord], Iterable[T]]
    ) -> tuple[Declared[T], ...]:
        return tuple(
            Declared(self.names.files[module].path, module, part) for module, item in classes for part in parts(item)
        )


@dataclass(frozen=True)
class _Table:
    """A ``Table(...)`` that a mapping refers to, or no more than its name."""

    name: str | None
    schema: str | None = None
    metadata: str = ""
    columns: tuple[Declared[Column], ...] = ()
    indexes: tuple[Declared[IndexCall], ...] = ()
    extend_existing: bool = False


def _table_at(names: Names, module: str, dotted: str) -> _Table:
    """The ``Table`` that a name in a module stands for."""
    origin = names.resolve(module, dotted)
    file = names.files.get(origin.module)
    for call in file.tables if file else ():
        if file and call.name == origin.name:
            return _Table(
                call.table,
                call.schema,
                table_metadata(call, origin.module, names),
                tuple(Declared(file.path, origin.module, column) for column in call.columns),
                tuple(Declared(file.path, origin.module, index) for index in call.indexes),
                call.extend_existing,
            )
    return _Table(None)


def _imperative(names: Names) -> Iterator[Mapper]:
    """``registry.map_imperatively(Class, table)``; the class is where it is defined, not where it is mapped."""
    for module, file in names.files.items():
        for mapping in file.mappings:
            origin = names.resolve(module, mapping.mapped)
            record = names.classes.get((origin.module, origin.name))
            if record is None:
                continue
            table = _table_at(names, module, mapping.table)
            registry = names.resolve(module, mapping.registry).dotted if mapping.registry else None
            fact = MappedClass(
                name=record.name,
                module=origin.module,
                qualname=record.qualname,
                path=names.files[origin.module].path,
                line=record.line,
                end_line=record.end_line,
                base=registry,
                table=table.name,
                columns=tuple(column.part.name for column in table.columns),
                extend_existing=table.extend_existing,
                schema=table.schema,
                metadata=table.metadata,
            )
            yield Mapper(fact, registry or "", columns=table.columns, indexes=table.indexes)


def _relationship(call: RelationshipCall) -> Relationship:
    by_annotation = call.kind == "annotation"
    pointed = relationship_target(call.annotation) if by_annotation and call.annotation else None
    target = None if by_annotation else call.target
    name = (pointed.dotted if pointed else target or "").rpartition(".")[2]
    return Relationship(call.name, target, call.line, name if name.isidentifier() else None)
