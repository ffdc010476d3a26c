"""Classes that name no table, judged as SQLAlchemy itself judges them."""

from __future__ import annotations

import pytest

from tests.inventory.projects import Source
from tests.inventory.real import complaint, module

CLASSES = {
    "class A(Base):\n    id = Column(Integer, primary_key=True)": True,
    "class Mixin:\n    id = Column(Integer, primary_key=True)\nclass A(Mixin, Base):\n    x = Column(Integer)": True,
    "class A(Base):\n    __abstract__ = True\n    id = Column(Integer, primary_key=True)": False,
    "class A(Base):\n    __tablename__ = 'a'\n    id = Column(Integer, primary_key=True)\n"
    "class B(A):\n    x = Column(Integer)": False,
    "class Named:\n    @declared_attr.directive\n    def __tablename__(cls): return cls.__name__\n"
    "class A(Named, Base):\n    id = Column(Integer, primary_key=True)": False,
    "class Mixin:\n    id = Column(Integer, primary_key=True)": False,
}


@pytest.mark.parametrize(("text", "refused"), CLASSES.items(), ids=range(len(CLASSES)))
def test_a_class_without_a_table(text: str, refused: bool) -> None:
    assert ("does not have a __table__" in (complaint(module(text)) or "")) == refused
    found = Source({"m.py": module(text)}).found("no-table-name")
    assert [one.title for one in found] == ["A names no table"] * refused


SILENT = {
    "as_declarative with a metaclass": "@as_declarative(metaclass=Names)\nclass Base: ...",
    "declarative_base with a class": "Base = declarative_base(cls=Names)",
    "a base of a library": "from library import Model as Base",
    "a base of Flask-SQLAlchemy": "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\nBase = db.Model",
}


@pytest.mark.parametrize("base", SILENT.values(), ids=SILENT.keys())
def test_a_base_that_may_name_the_tables_keeps_it_silent(base: str) -> None:
    text = f"from sqlalchemy.orm import *\n{base}\nclass A(Base):\n    id = Column(Integer, primary_key=True)\n"
    assert Source({"m.py": text}).found("no-table-name") == []


def test_a_plain_declarative_base_names_none() -> None:
    text = "from sqlalchemy.orm import *\nBase = declarative_base()\nclass A(Base):\n    id = Column(Integer)\n"
    assert len(Source({"m.py": text}).found("no-table-name")) == 1
