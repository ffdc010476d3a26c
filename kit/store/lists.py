"""Which table holds which list of facts, and how a fact becomes a row and a fact again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import delete, insert, inspect, select
from sqlalchemy.orm import Session

from kit.facts.causes import Cause
from kit.facts.failures import Failure, Group
from kit.facts.inventory import Collision, Finding, Importer, MappedClass
from kit.facts.suite import CollectedTest, CollectionError, TestResult
from kit.store import schema

T = TypeVar("T")

_SHARED = {"case_id", "position", "fact"}


@dataclass(frozen=True)
class FactList(Generic[T]):
    """A list of facts of one type, kept in one table."""

    fact: type[T]
    row: type[schema.FactRow]

    def replace(self, session: Session, case_id: str, facts: tuple[T, ...]) -> None:
        """Make ``facts`` the case's whole list."""
        session.execute(delete(self.row).where(self.row.case_id == case_id))
        columns = [column.key for column in inspect(self.row).column_attrs if column.key not in _SHARED]
        rows: list[dict[str, Any]] = [
            {
                "case_id": case_id,
                "position": position,
                "fact": msgspec.to_builtins(fact),
                **{column: getattr(fact, column) for column in columns},
            }
            for position, fact in enumerate(facts)
        ]
        if rows:
            session.execute(insert(self.row), rows)

    def read(self, session: Session, case_id: str) -> tuple[T, ...]:
        """The case's list, in its order."""
        query = select(self.row.fact).where(self.row.case_id == case_id).order_by(self.row.position)
        return tuple(msgspec.convert(list(session.scalars(query)), list[self.fact]))  # type: ignore[name-defined]


TESTS = FactList(CollectedTest, schema.TestRow)
RESULTS = FactList(TestResult, schema.ResultRow)
COLLECTION_ERRORS = FactList(CollectionError, schema.CollectionErrorRow)
FAILURES = FactList(Failure, schema.FailureRow)
MAPPED_CLASSES = FactList(MappedClass, schema.MappedClassRow)
COLLISIONS = FactList(Collision, schema.CollisionRow)
FINDINGS = FactList(Finding, schema.FindingRow)
IMPORTERS = FactList(Importer, schema.ImporterRow)
GROUPS = FactList(Group, schema.GroupRow)
CAUSES = FactList(Cause, schema.CauseRow)
