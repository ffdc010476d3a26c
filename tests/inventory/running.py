"""What the probe says of the tables and mappers of one small app, held against the rules."""

from __future__ import annotations

from typing import Any

from kit.facts.inventory import Finding
from kit.inventory.mappers.from_runtime import RuntimeFacts
from kit.inventory.mappers.records import RuntimeMapper, RuntimeTable
from tests.inventory.projects import Source

APP = {
    "db.py": "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\n",
    "m.py": """
        from db import Base
        class A(Base):
            __tablename__ = "a"
            __table_args__ = (UniqueConstraint("x", name="same"),)
            id = Column(Integer, primary_key=True)
            x = Column(Integer)
        class B(Base):
            __tablename__ = "b"
            id = Column(Integer, primary_key=True)
    """,
}
MAPPERS = tuple(
    RuntimeMapper(name, "m", name, registry=1, table_id=number, path="m.py", table=name.lower())
    for number, name in enumerate("AB")
)


def found(kind: str, *tables: RuntimeTable, **more: Any) -> list[Finding]:
    """The findings of one kind where the running target has these tables."""
    facts = RuntimeFacts(**{"mappers": MAPPERS, **more}, tables=tables)
    return [finding for finding in Source(APP).findings(facts) if finding.kind == kind]
