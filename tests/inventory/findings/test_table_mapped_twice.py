"""One table under two classes of different names."""

from __future__ import annotations

import pytest

from kit.inventory.mappers.from_runtime import RuntimeFacts
from kit.inventory.mappers.records import RuntimeMapper
from tests.inventory.projects import Source

BASE = """
    from sqlalchemy.orm import DeclarativeBase
    class Base(DeclarativeBase): ...
    class Other(DeclarativeBase): ...
    class User(Base):
        __tablename__ = "users"
        id = Column(Integer)
"""


def mapped(text: str) -> Source:
    return Source({"m.py": BASE + text})


def test_a_table_that_two_classes_map() -> None:
    (finding,) = mapped("""
    class Account(Base):
        __tablename__ = "users"
""").found("table-mapped-twice")
    assert finding.id == "table-mapped-twice:users"
    assert finding.title == 'Table "users" is mapped by User and Account'
    assert finding.severity == "blocks_when_both_imported"
    assert [(str(place), place.role) for place in finding.locations] == [
        ("m.py:4", "definition"),
        ("m.py:8", "duplicate"),
    ]


def test_with_extend_existing_nothing_breaks_at_once() -> None:
    (finding,) = mapped("""
    class Account(Base):
        __tablename__ = "users"
        __table_args__ = {"extend_existing": True}
""").found("table-mapped-twice")
    assert finding.severity == "smell"
    assert finding.evidence[1] == "m.Account: 0 columns, 0 relationships, adds to what is there"


@pytest.mark.parametrize(
    ("table", "severity"),
    [
        ('Table("users", Base.metadata, autoload=True)', "smell"),
        ('Table("users", Base.metadata, Column("id", Integer), keep_existing=True)', "smell"),
        ('Table("users", Base.metadata, Column("id", Integer))', "blocks_when_both_imported"),
    ],
)
def test_a_table_without_columns_is_the_one_that_is_there(table: str, severity: str) -> None:
    (finding,) = mapped(f"""
    from sqlalchemy import Table
    class Known:
        pass
    users = {table}
    mapper(Known, users)
""").found("table-mapped-twice")
    assert finding.severity == severity


def test_single_table_inheritance_another_schema_another_registry_and_one_name_are_something_else() -> None:
    project = mapped("""
    class Admin(User):
        level = Column(Integer)
    class Archived(Base):
        __tablename__ = "users"
        __table_args__ = {"schema": "archive"}
    class Elsewhere(Other):
        __tablename__ = "users"
""")
    assert project.found("table-mapped-twice") == []


def test_classes_of_one_name_are_told_as_such() -> None:
    project = Source({"m.py": BASE, "n.py": "from m import Base\nclass User(Base): __tablename__ = 'users'"})
    assert project.found("table-mapped-twice") == []
    assert len(project.found("duplicate-class")) == 1


def test_where_the_running_target_maps_both_nothing_breaks() -> None:
    project = Source(
        {
            "m.py": """
    from sqlalchemy.orm import DeclarativeBase
    class Base(DeclarativeBase): ...
    table = Table("users", Base.metadata, Column("id", Integer, primary_key=True))
    class User(Base):
        __table__ = table
    class Account(Base):
        __table__ = table
"""
        }
    )
    assert [one.severity for one in project.found("table-mapped-twice")] == ["blocks_when_both_imported"]
    running = tuple(RuntimeMapper(name, "m", name, 1, 7, path="m.py", table="users") for name in ("User", "Account"))
    (finding,) = project.findings(RuntimeFacts(mappers=running))
    assert (finding.kind, finding.severity) == ("table-mapped-twice", "smell")
    assert finding.evidence[-1] == "The running target maps all of them to one and the same table"


def test_a_table_that_an_example_maps_again_is_a_smell() -> None:
    example = "from m import Base\nclass Client(Base): __tablename__ = 'users'"
    project = Source({"m.py": BASE, "examples/shop.py": example})
    assert [one.severity for one in project.found("table-mapped-twice")] == ["smell"]
