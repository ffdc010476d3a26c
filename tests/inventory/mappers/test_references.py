"""What the annotations of relationships are looked up by."""

from __future__ import annotations

import pytest

from tests.inventory.projects import Source

OFFICE = """
from typing import Optional
from sqlmodel import Field, Relationship, SQLModel
class Staff(SQLModel, table=True):
    __table_args__ = {{"schema": "{name}"}}
    id: Optional[int] = Field(default=None, primary_key=True)
    desk_id: Optional[int] = Field(default=None, foreign_key="{name}.desk.id")
    desk: {desk} = Relationship(back_populates="staff")
class Desk(SQLModel, table=True):
    __table_args__ = {{"schema": "{name}"}}
    id: Optional[int] = Field(default=None, primary_key=True)
    staff: list["offices.{name}.Staff"] = Relationship(back_populates="desk")
"""


@pytest.mark.parametrize(
    ("desk", "severities"),
    [
        ('Optional["offices.{name}.Desk"]', ["smell", "smell"]),
        ('"offices.{name}.Desk | None"', ["smell", "smell"]),
        ('Optional["{name}.Desk"]', ["smell", "smell"]),
        ('Optional["Desk"]', ["blocks_now", "smell"]),
    ],
)
def test_sqlmodel_keeps_the_path_before_a_name_in_quotes(desk: str, severities: list[str]) -> None:
    files = {f"offices/{name}.py": OFFICE.format(name=name, desk=desk.format(name=name)) for name in ("north", "south")}
    project = Source({"offices/__init__.py": "", **files})
    assert [finding.severity for finding in project.found("duplicate-class")] == severities
