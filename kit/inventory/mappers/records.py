"""What the probe of the mapper registries says, typed (see ``kit/probes/mappers``).

As in :mod:`kit.inventory.source.records`, structures with ``array_like`` travel as lists.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class RuntimeMapper(msgspec.Struct, frozen=True, gc=False):
    """A mapper as SQLAlchemy has it. ``registry``, ``table_id`` and ``metadata`` (that of the table, 0 without one) are
    identities that only hold among the mappers of one run; mappers of one ``registry`` share the table of class names.
    A relationship's argument is the string that will be looked up, ``None`` when it is not a string.
    """

    name: str
    module: str
    qualname: str
    registry: int
    table_id: int
    path: str | None = None
    line: int | None = None
    base: str | None = None
    table: str | None = None
    inherits: tuple[str, str] | None = None
    columns: tuple[str, ...] = ()
    relationships: tuple[tuple[str, str | None], ...] = ()
    stale: bool = False
    imported_through: tuple[tuple[str, int], ...] = ()
    schema: str | None = None
    metadata: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """Module and qualified name."""
        return self.module, self.qualname


class RuntimeIndex(msgspec.Struct, frozen=True, gc=False):
    """An index name that occurs more than once in a metadata: the table of each index, repeated where it is twice on
    one.
    """

    name: str
    tables: tuple[str, ...]


class RuntimeForeignKey(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A foreign key of a column to the table and column that it names, and which of them does not exist."""

    column: str
    table: str
    target: str
    use_alter: bool
    named: bool
    missing: Literal["table", "column"] | None


class RuntimeTable(msgspec.Struct, frozen=True, gc=False):
    """A table of a metadata. ``id`` and ``metadata`` are identities within one run; ``keys`` are the primary key's
    columns, ``untyped`` those without a type, ``names`` the named constraints and indexes with their kind.
    """

    id: int
    metadata: int
    name: str
    schema: str | None = None
    columns: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    untyped: tuple[str, ...] = ()
    foreign_keys: tuple[RuntimeForeignKey, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    imported_through: tuple[tuple[str, int], ...] = ()

    @property
    def full_name(self) -> str:
        """``schema.table``."""
        return f"{self.schema}.{self.name}" if self.schema else self.name


class ResolvedRelationship(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a relationship turned out to be; ``orders_writes`` is false for one that no flush follows."""

    name: str
    target: tuple[str, str]
    direction: str
    orders_writes: bool


class Resolved(msgspec.Struct, frozen=True, gc=False):
    """The relationships of a mapper (module and qualified name) after they were configured."""

    mapper: tuple[str, str]
    relationships: tuple[ResolvedRelationship, ...]


class RuntimeFile(msgspec.Struct, frozen=True, gc=False):
    """A file that was executed once for each of these module names."""

    path: str
    modules: tuple[str, ...]
