"""Foreign keys to what is not there, judged as SQLAlchemy itself judges them."""

from __future__ import annotations

import pytest

from tests.inventory.projects import Source
from tests.inventory.real import complaint, module

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
