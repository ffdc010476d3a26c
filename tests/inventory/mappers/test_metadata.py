"""A table is known by its MetaData, its schema and its name."""

from __future__ import annotations

import pytest

from kit.inventory.mappers.metadata import flask_table_name
from tests.inventory.projects import Source

DB = "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n"
READING = """
from app.db import db
{above}
class {name}({base}):
    {body}
    __tablename__ = "reading"
    id = db.Column(db.Integer, primary_key=True)
    value = db.Column(db.Integer, index=True)
"""
EAST_BASE = 'class EastBase(db.Model):\n    __abstract__ = True\n    __bind_key__ = "east"\n'

#: by what the two classes of one table name say: whether it is one table
BINDS = {
    "one in the default database": ("", "db.Model", '__bind_key__ = "west"', False),
    "from the base and of its own": (EAST_BASE, "EastBase", '__bind_key__ = "west"', False),
    "by a constant": ('EAST = "east"', "db.Model", "__bind_key__ = EAST", True),
    "by the table's info": ("", "db.Model", '__table_args__ = {"info": {"bind_key": "east"}}', True),
    "in another schema": ("", "db.Model", '__bind_key__ = "east"; __table_args__ = {"schema": "x"}', False),
    "the same": ("", "db.Model", '__bind_key__ = "east"', True),
}


@pytest.mark.parametrize("how", BINDS)
def test_each_bind_has_a_metadata_of_its_own(how: str) -> None:
    above, base, body, same = BINDS[how]
    first = {"above": above, "base": base, "body": "" if base != "db.Model" else '__bind_key__ = "east"'}
    if how == "one in the default database":
        first["body"] = "pass"
    project = Source(
        {
            "app/__init__.py": "",
            "app/db.py": DB,
            "app/a.py": READING.format(name="Reading", **{**first, "body": first["body"] or "pass"}),
            "app/b.py": READING.format(name="Other", above=above, base="db.Model", body=body),
        }
    )
    assert [finding.kind for finding in project.findings()] == ["table-mapped-twice"] * same


def test_a_class_that_names_a_metadata_keeps_its_tables_there() -> None:
    project = Source(
        {
            "app.py": """
            from sqlalchemy import Column, Integer, MetaData
            from sqlalchemy.orm import DeclarativeBase
            archive = MetaData()
            class Base(DeclarativeBase): ...
            class Item(Base):
                __tablename__ = "item"
                id = Column(Integer, primary_key=True)
            class OldItem(Base):
                metadata = archive
                __tablename__ = "item"
                id = Column(Integer, primary_key=True)
            """
        }
    )
    assert {mapped.metadata for mapped in project.mapped.values()} == {"app.Base", "app.archive"}
    assert project.findings() == ()


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("User", "user"),
        ("UserGroup", "user_group"),
        ("HTTPRequest", "http_request"),
        ("A1B", "a1_b"),
        ("APIKey2", "api_key2"),
        ("ABC", "abc"),
        ("Foo1Bar2", "foo1_bar2"),
    ],
)
def test_a_table_without_a_name_gets_that_of_its_class(name: str, table: str) -> None:
    assert flask_table_name(name) == table
