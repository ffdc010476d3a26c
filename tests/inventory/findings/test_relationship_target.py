"""Relationships whose target is defined nowhere, or never imported."""

from __future__ import annotations

import textwrap

import pytest

from kit.inventory.mappers.from_runtime import RuntimeFacts
from kit.inventory.mappers.records import RuntimeMapper
from tests.inventory.projects import Source
from tests.inventory.real import complaint, module

ORDER = """
class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))
    {}
"""
WAYS = {
    'user = relationship("User")': False,
    'user: Mapped["User"] = relationship()': False,
    'user: Mapped[Optional["User"]] = relationship()': False,
    "user = relationship(User)": False,
    "user = relationship(lambda: User)": False,
    'user = relationship("Usr")': True,
    'user: Mapped["Usr"] = relationship()': True,
    'user = relationship("models.Usr")': True,
}


@pytest.mark.parametrize(("line", "broken"), WAYS.items(), ids=WAYS.keys())
def test_a_name_that_no_class_has(line: str, broken: bool) -> None:
    text = module(ORDER.format(line))
    assert (complaint(text) is not None) == broken
    found = Source({"m.py": text}).found("relationship-target-unknown")
    assert [item.severity for item in found] == ["blocks_now"] * broken


def test_what_is_near_to_the_name_is_told() -> None:
    (finding,) = Source({"m.py": module(ORDER.format('user = relationship("Usr")'))}).found(
        "relationship-target-unknown"
    )
    assert finding.title == 'Order.user points at "Usr", which no mapped class is'
    assert (str(finding.locations[0]), finding.locations[0].role) == ("m.py:14", "relationship")
    assert finding.evidence[1] == "Near to it: User"


@pytest.mark.parametrize(
    "hint",
    [
        "def make():\n    class Usr(Base):\n        __tablename__ = 'x'",
        "Usr = type('Usr', (Base,), {})",
        "from some_library import Usr",
        "def (:",
    ],
)
def test_a_class_that_source_only_hints_at_may_be_mapped(hint: str) -> None:
    text = module(ORDER.format('user = relationship("Usr")'))
    assert Source({"m.py": text, "other.py": hint}).found("relationship-target-unknown") == []


SPLIT = {
    "db.py": module(""),
    "users.py": """
        from db import *
        class User(Base):
            __tablename__ = 'users'
            id = Column(Integer, primary_key=True)
    """,
    "orders.py": """
        from db import *
        class Order(Base):
            __tablename__ = 'orders'
            id = Column(Integer, primary_key=True)
            user_id = Column(ForeignKey('users.id'))
            user = relationship('User')
    """,
    "tests/test_a.py": "import orders",
}


def test_a_class_whose_module_nothing_imports() -> None:
    (finding,) = Source(SPLIT).found("relationship-target-not-imported")
    assert finding.severity == "blocks_now"
    assert [str(place) for place in finding.locations] == ["orders.py:6", "users.py:2"]
    alone = SPLIT["db.py"] + textwrap.dedent(SPLIT["orders.py"]).replace("from db import *", "")
    assert "failed to locate a name" in (complaint(alone) or "")


@pytest.mark.parametrize(
    "text",
    ["import users", "def f():\n    import users", "import importlib\nimportlib.import_module(name)", "import pkgutil"],
)
def test_a_class_that_something_imports_or_may_import(text: str) -> None:
    assert Source({**SPLIT, "main.py": text}).found("relationship-target-not-imported") == []


CREW = """
from typing import Optional
from sqlmodel import Field, Relationship, SQLModel
class Crew(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    members: list["Member"] = Relationship(back_populates="crew")
{head}
    id: Optional[int] = Field(default=None, primary_key=True)
    crew_id: Optional[int] = Field(default=None, foreign_key="crew.id")
    crew: Optional[Crew] = Relationship(back_populates="members")
"""


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ("class Member(SQLModel):", "lacks table=True"),
        ("class MemberBase(SQLModel): ...\nclass Member(MemberBase):", "lacks table=True"),
        ("class Member:", "has no declarative base above it"),
        ("class Member(SQLModel, table=True):", None),
        ("class MemberBase(SQLModel): ...\nclass Member(MemberBase, table=True):", None),
    ],
)
def test_a_class_that_is_not_mapped_is_no_target(head: str, why: str | None) -> None:
    found = Source({"squad.py": CREW.format(head=head), "tests/test_a.py": "import squad\n"}).found(
        "relationship-target-unknown"
    )
    assert [finding.title for finding in found] == ['Crew.members points at "Member", which is not mapped'] * (
        why is not None
    )
    for finding in found:
        assert finding.severity == "blocks_now"
        line = 6 + head.count("\n")
        assert [str(place) for place in finding.locations] == ["squad.py:5", f"squad.py:{line}"]
        assert finding.evidence == (f"squad.Member {why}: squad.py:{line}",)


@pytest.mark.parametrize(
    ("steps", "finds"),
    [((), True), ((("shop/parts.py", 3),), True), ((("main.py", 1), ("shop/parts.py", 3)), False)],
)
def test_that_kit_itself_has_imported_a_module_shows_nothing(steps: tuple[tuple[str, int], ...], finds: bool) -> None:
    """The probe imports every module with models; only an import by the target's own code counts."""
    model = "from shop.base import Base\nclass {name}(Base):\n    __tablename__ = '{name}'\n    {body}\n"
    project = Source(
        {
            "shop/__init__.py": "",
            "shop/base.py": "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\n",
            "shop/bins.py": model.format(name="Bin", body="parts = relationship('Part')"),
            "shop/parts.py": model.format(name="Part", body="id = Column(Integer, primary_key=True)"),
            "tests/test_a.py": "import shop.bins\n",
        }
    )
    running = RuntimeFacts(
        mappers=(
            RuntimeMapper("Bin", "shop.bins", "Bin", 1, 1, "shop/bins.py", table="Bin"),
            RuntimeMapper("Part", "shop.parts", "Part", 1, 2, "shop/parts.py", table="Part", imported_through=steps),
        )
    )
    kinds = [finding.kind for finding in project.findings(running)]
    assert kinds == ["relationship-target-not-imported"] * finds
