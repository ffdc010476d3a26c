"""Columns that hold dates with times of day."""

from __future__ import annotations

from kit.inventory.mappers.bases import Bases
from kit.inventory.mappers.datetimes import datetime_columns
from tests.inventory.projects import Source

BASE = """
from datetime import datetime, date
from typing import Annotated, Optional
import sqlalchemy as sa
from sqlalchemy import Column, DateTime, TIMESTAMP, Integer
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
"""


def zones(body: str, base: str = "...") -> dict[str, bool | None]:
    """Each column of date and time, and whether it keeps its zone."""
    lines = "\n".join(f"    {line.strip()}" for line in body.strip().splitlines())
    text = f"{BASE}\nclass Base(DeclarativeBase):\n    {base}\nclass A(Base):\n    __tablename__ = 'a'\n{lines}\n"
    source = Source({"models.py": text})
    (mapper,) = source.mappers
    return {column.name: column.timezone for column in datetime_columns(mapper, source.names, Bases(source.names))}


def test_a_type_says_whether_it_keeps_the_zone() -> None:
    body = """
        id = Column(Integer, primary_key=True)
        made = Column(DateTime)
        changed = Column(DateTime(), default=now)
        sent: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))
        seen = Column("seen_at", TIMESTAMP(True))
        read = mapped_column(DateTime(timezone=ZONED))
        kept = mapped_column(DateTime(timezone=False))
        late: Mapped[datetime] = mapped_column("late_at", type_=DateTime(True))
    """
    expected = {"made": False, "changed": False, "sent": True, "seen": True, "read": None, "kept": False, "late": True}
    assert zones(body) == expected


def test_an_annotation_alone_keeps_no_zone_unless_the_base_may_say_so() -> None:
    body = """
        id: Mapped[int] = mapped_column(primary_key=True)
        day: Mapped[date]
        made: Mapped[datetime]
        sent: Mapped[Optional[datetime]]
        seen: Mapped["datetime | None"] = mapped_column(default=None)
        read: Mapped[Annotated[datetime, "x"]]
        more: Mapped[datetime] = mapped_column(*arguments)
    """
    assert zones(body) == {"made": False, "sent": False, "seen": False, "read": False, "more": None}
    mapped = zones(body, "type_annotation_map = {datetime: DateTime(timezone=True)}")
    assert mapped == dict.fromkeys(["made", "sent", "seen", "read", "more"])


def test_a_type_of_the_target_and_a_time_of_day_are_left_alone() -> None:
    body = """
        id = Column(Integer, primary_key=True)
        a = Column(UTCDateTime)
        b = Column(sa.Time)
        c: Mapped[models.DateTime]
    """
    assert zones(body) == {}
