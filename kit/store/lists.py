"""Which table holds which list of facts, and how a fact becomes a row and a fact again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import Connection, Table, delete, insert, select

from kit.facts.causes import Cause
from kit.facts.failures import Failure, Group
from kit.facts.inventory import Collision, Finding, Importer, MappedClass
from kit.facts.suite import CollectedTest, CollectionError, TestResult
from kit.store import schema

T = TypeVar("T")

_SHARED = {"case_id", "position", "fact"}


@dataclass(frozen=True)
class FactList(Generic[T]):
    """A list of facts of one type, kept in one table. The store's JSON is made of dataclasses as they are."""

    fact: type[T]
    table: Table

    def replace(self, connection: Connection, case_id: str, facts: tuple[T, ...]) -> None:
        """Make ``facts`` the case's whole list."""
        connection.execute(delete(self.table).where(self.table.c.case_id == case_id))
        columns = [name for name in self.table.c.keys() if name not in _SHARED]  # noqa: SIM118  # columns, by name
        rows: list[dict[str, Any]] = [
            {
                "case_id": case_id,
                "position": position,
                "fact": fact,
                **{column: getattr(fact, column) for column in columns},
            }
            for position, fact in enumerate(facts)
        ]
        if rows:
            connection.execute(insert(self.table), rows)

    def read(self, connection: Connection, case_id: str) -> tuple[T, ...]:
        """The case's list, in its order."""
        columns = self.table.c
        query = select(columns.fact).where(columns.case_id == case_id).order_by(columns.position)
        return tuple(msgspec.convert(list(connection.scalars(query)), list[self.fact]))  # type: ignore[name-defined]


TESTS = FactList(CollectedTest, schema.TESTS)
RESULTS = FactList(TestResult, schema.RESULTS)
COLLECTION_ERRORS = FactList(CollectionError, schema.COLLECTION_ERRORS)
FAILURES = FactList(Failure, schema.FAILURES)
MAPPED_CLASSES = FactList(MappedClass, schema.MAPPED_CLASSES)
COLLISIONS = FactList(Collision, schema.COLLISIONS)
FINDINGS = FactList(Finding, schema.FINDINGS)
IMPORTERS = FactList(Importer, schema.IMPORTERS)
GROUPS = FactList(Group, schema.GROUPS)
CAUSES = FactList(Cause, schema.CAUSES)
