"""The tables: one a kind of fact, keyed by the case.

A row holds the columns that people query by, and the whole fact as JSON beside them. So a question such as "which
tests failed in both cases" is plain SQL, while a new field of a fact needs no migration.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

#: raised when a table changes its shape; a store of another version is refused with a sentence
VERSION = 1


class Base(DeclarativeBase):
    """The store's own registry."""

    metadata = MetaData(
        naming_convention={
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {dict[str, Any]: JSON}  # noqa: RUF012  # SQLAlchemy reads it from the class


class MetaRow(Base):
    """What the store says of itself."""

    __tablename__ = "meta"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class CaseRow(Base):
    """The head of a case."""

    __tablename__ = "cases"
    id: Mapped[str] = mapped_column(primary_key=True)
    target: Mapped[str]
    started: Mapped[str]
    finished: Mapped[str | None]
    fact: Mapped[dict[str, Any]]


class StageRow(Base):
    """A stage of a case; ``position`` keeps the order in which stages were started."""

    __tablename__ = "stages"
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    outcome: Mapped[str]
    fact: Mapped[dict[str, Any]]


class HeadRow(Base):
    """The part of a room's facts that is not a list: ``inventory``, ``suite``, ``grouping``, ``causes``."""

    __tablename__ = "heads"
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    room: Mapped[str] = mapped_column(primary_key=True)
    fact: Mapped[dict[str, Any]]


class FactRow(Base):
    """What every list of facts has in common; ``position`` is the place in the list, from 0."""

    __abstract__ = True

    @declared_attr
    def case_id(cls) -> Mapped[str]:  # noqa: N805  # a class-level attribute
        """The case that the fact belongs to."""
        return mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)

    position: Mapped[int] = mapped_column(primary_key=True)
    fact: Mapped[dict[str, Any]]


class TestRow(FactRow):
    """A collected test."""

    __test__ = False
    __tablename__ = "tests"
    nodeid: Mapped[str]
    path: Mapped[str]


class ResultRow(FactRow):
    """The outcome of a test."""

    __tablename__ = "results"
    nodeid: Mapped[str] = mapped_column(index=True)
    outcome: Mapped[str]
    seconds: Mapped[float | None]
    failure: Mapped[str | None]


class CollectionErrorRow(FactRow):
    """A file that could not be collected."""

    __tablename__ = "collection_errors"
    path: Mapped[str]


class FailureRow(FactRow):
    """A distinct failure."""

    __tablename__ = "failures"
    id: Mapped[str]


class MappedClassRow(FactRow):
    """A mapped class."""

    __tablename__ = "mapped_classes"
    name: Mapped[str]
    module: Mapped[str]
    path: Mapped[str]


class CollisionRow(FactRow):
    """A collision."""

    __tablename__ = "collisions"
    id: Mapped[str]
    name: Mapped[str]


class FindingRow(FactRow):
    """A finding."""

    __tablename__ = "findings"
    id: Mapped[str]
    kind: Mapped[str]
    severity: Mapped[str]


class ImporterRow(FactRow):
    """An importer."""

    __tablename__ = "importers"
    module: Mapped[str]
    path: Mapped[str]
    line: Mapped[int]


class GroupRow(FactRow):
    """A group of failures."""

    __tablename__ = "groups"
    id: Mapped[str]
    category: Mapped[str]
    count: Mapped[int]


class CauseRow(FactRow):
    """A cause."""

    __tablename__ = "causes"
    id: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
