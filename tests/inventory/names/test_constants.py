"""Names of tables and columns that module constants make, written out as far as source tells."""

from __future__ import annotations

import pytest

from tests.inventory.projects import Source

MODELS = """
from sqlalchemy import Column, ForeignKey, Integer
from sqlalchemy.orm import DeclarativeBase, relationship
from app import keys, settings
from app.keys import STOP_KEY as THE_KEY
{head}

class Base(DeclarativeBase): ...

class Stop(Base):
    __tablename__ = "stop"
    id = Column(Integer, primary_key=True)
    rides = relationship("Ride", back_populates="stop")

class Ride(Base):
    __tablename__ = "ride"
    id = Column(Integer, primary_key=True)
    stop_id = Column(ForeignKey({key}))
    stop = relationship("Stop", back_populates="rides")
"""
KEYS = 'TABLE = "stop"\nSTOP_KEY = TABLE + ".id"\nCHANGED = "stop.id"\nCHANGED = "halt.id"\nHALT = "halt.id"\n'

#: what stands in the foreign key, a line above the classes, and the kinds of findings
WRITTEN = {
    '"stop.id"': ("", []),
    "KEY": ('KEY = "stop.id"', []),
    "keys.STOP_KEY": ("", []),
    "THE_KEY": ("", []),
    'f"{keys.TABLE}.id"': ("", []),
    'keys.TABLE + ".id"': ("", []),
    'f"{TABLE}." + "id"': ("from app.keys import TABLE", []),
    "keys.HALT": ("", ["foreign-key", "join-condition", "join-condition"]),
    "KEY_OF_HALT": ("KEY_OF_HALT = keys.HALT", ["foreign-key", "join-condition", "join-condition"]),
    # only running the code tells these
    "keys.CHANGED": ("", []),
    "settings.KEY": ("", []),
    'f"{keys.TABLE:s}.id"': ("", []),
    "ROUND": ('ROUND = f"{TRIP}"\nTRIP = f"{ROUND}"', []),
    "GROWN": ('GROWN = "halt"\nGROWN += ".id"', []),
    # a column is never a constant
    "Stop.id": ("", []),
    "Stop.__table__.c.id": ("", []),
}


@pytest.mark.parametrize("key", WRITTEN)
def test_a_foreign_key_is_read_through_constants(key: str) -> None:
    head, kinds = WRITTEN[key]
    project = Source(
        {
            "app/__init__.py": "",
            "app/keys.py": KEYS,
            "app/settings.py": 'import os\nKEY = os.environ["KEY"]\n',
            "app/models.py": MODELS.format(head=head, key=key),
        }
    )
    assert sorted(finding.kind for finding in project.findings()) == kinds


def test_a_table_and_its_schema_are_named_by_constants() -> None:
    project = Source(
        {
            "app/names.py": 'PREFIX = "shop_"\nSCHEMA = "sales"\n',
            "app/models.py": """
            from sqlalchemy.orm import DeclarativeBase
            from app.names import PREFIX, SCHEMA, OTHER
            class Base(DeclarativeBase): ...
            class A(Base):
                __tablename__ = PREFIX + "a"
                __table_args__ = {"schema": SCHEMA}
            class B(Base):
                __tablename__ = f"{OTHER}_b"
                __table_args__ = {"schema": OTHER}
            """,
        }
    )
    a, b = project.mapped["A"], project.mapped["B"]
    assert (a.table, a.schema) == ("shop_a", "sales")
    # what stays unknown has an identity all the same: the constant's own name
    assert (b.table, b.schema) == (None, "{app.names.OTHER}")


def test_a_fallback_never_hides_what_a_try_imports() -> None:
    project = Source(
        {
            "app.py": """
            try:
                from library import Mixin
            except ImportError:
                Mixin = BaseException
            """
        }
    )
    assert project.names.resolve("app", "Mixin").dotted == "library.Mixin"
