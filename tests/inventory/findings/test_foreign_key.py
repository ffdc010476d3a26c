"""Foreign keys to what is not there, judged as SQLAlchemy itself judges them."""

from __future__ import annotations

import pytest

from kit.facts.inventory import ProbeError
from kit.inventory.mappers.records import RuntimeForeignKey, RuntimeTable
from tests.inventory.projects import Source
from tests.inventory.real import complaint, module
from tests.inventory.running import found

ORDER = """
groups = Table("groups", Base.metadata, Column("id", Integer, primary_key=True))
class Stamped:
    made = Column(Integer)
class User(Stamped, Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    mail = Column("email", String)
class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    {}
"""
KEYS = {
    'x = Column(ForeignKey("users.id"))': None,
    'x = mapped_column(ForeignKey("users.email"))': None,
    'x = Column(ForeignKey("users.made"))': None,
    'x = Column(ForeignKey("groups.id"))': None,
    "x = Column(ForeignKey(User.id))": None,
    'x = Column(ForeignKey("orders.id"))': None,
    'x = Column(ForeignKey("user.id"))': 'In the target no table "user" is defined (near to it: users)',
    'x: Mapped[int] = mapped_column(ForeignKey("users.uid"))': (
        'In the target table "users" has no column "uid" (email, id, made, mail)'
    ),
}


@pytest.mark.parametrize(("line", "why"), KEYS.items(), ids=KEYS.keys())
def test_a_foreign_key(line: str, why: str | None) -> None:
    text = module(ORDER.format(line))
    assert (complaint(text) is not None) == (why is not None)
    found = Source({"m.py": text}).found("foreign-key")
    assert [item.evidence for item in found] == [(why,)] * (why is not None)
    assert all((item.severity, str(item.locations[0])) == ("blocks_now", "m.py:17") for item in found)


BROKEN = module(ORDER.format('x = Column(ForeignKey("user.id"))'))


@pytest.mark.parametrize(
    "other",
    [
        "from m import *\nclass A(Base):\n    __tablename__ = name()\n    id = Column(Integer, primary_key=True)",
        "from m import *\nclass A(Base):\n    __tablename__ = 'user'\n    __table_args__ = {'schema': 's'}",
        "def (:",
    ],
)
def test_a_table_that_source_does_not_show_may_be_the_one(other: str) -> None:
    assert Source({"m.py": BROKEN}).found("foreign-key") != []
    assert Source({"m.py": BROKEN, "n.py": other}).found("foreign-key") == []


def test_a_missing_column_is_told_where_the_key_is_written() -> None:
    key = RuntimeForeignKey("x", "b", "nope", False, False, "column")
    (finding,) = found("foreign-key", RuntimeTable(0, 9, "a", foreign_keys=(key,)))
    assert (finding.id, str(finding.locations[0])) == ("foreign-key:m.A.x", "m.py:6")
    assert finding.title == 'A.x has a foreign key to "b.nope", which does not exist'


def test_nothing_is_missed_while_modules_could_not_be_imported() -> None:
    table = RuntimeTable(0, 9, "a", foreign_keys=(RuntimeForeignKey("x", "c", "id", False, False, "table"),))
    assert found("foreign-key", table, errors=(ProbeError("other", "E", "x"),)) == []


def test_a_table_of_another_metadata_is_told_with_its_class() -> None:
    key = RuntimeForeignKey("x", "b", "id", False, False, "table")
    tables = (RuntimeTable(0, 9, "a", foreign_keys=(key,)), RuntimeTable(1, 8, "b"))
    (finding,) = found("foreign-key", *tables)
    assert finding.title == 'A.x has a foreign key to "b.id", which is in another MetaData'
    assert [str(place) for place in finding.locations] == ["m.py:6", "m.py:7"]
    assert finding.severity == "blocks_now"
