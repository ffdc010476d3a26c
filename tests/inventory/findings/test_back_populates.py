"""back_populates, judged as SQLAlchemy itself judges it."""

from __future__ import annotations

import sys
from types import FrameType

import pytest

from kit.inventory.findings import back_populates
from tests.inventory.projects import Source
from tests.inventory.real import complaint, module

PAIR = """
class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    {}
class Account(Base):
    __tablename__ = "accounts"
    id = Column(Integer, primary_key=True)
class Special(User): ...
class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))
    account_id = Column(ForeignKey("accounts.id"))
    user = relationship("User", back_populates="orders")
"""
OTHER_SIDES = {
    'orders = relationship("Order", back_populates="user")': None,
    'orders: Mapped[list["Order"]] = relationship(back_populates="user")': None,
    "orders = relationship(lambda: Order, back_populates='user')": None,
    'order = relationship("Order")': "but there is no User.orders",
    "": "but there is no User.orders",
    "orders = Column(Integer)": "but User.orders is a column",
}


@pytest.mark.parametrize(("line", "why"), OTHER_SIDES.items(), ids=OTHER_SIDES.keys())
def test_the_other_side(line: str, why: str | None) -> None:
    text = module(PAIR.format(line))
    assert (complaint(text) is not None) == (why is not None)
    found = Source({"m.py": text}).found("back-populates")
    assert [item.title for item in found] == [f'Order.user has back_populates="orders", {why}'] * (why is not None)
    assert all(item.severity == "blocks_now" and item.locations[0].line == 20 for item in found)


def test_the_other_side_belongs_to_another_class() -> None:
    crossed = PAIR.format('orders = relationship("Account", primaryjoin="User.id == foreign(Account.id)")')
    assert "reverse_property" in (complaint(module(crossed)) or "")
    (finding,) = Source({"m.py": module(crossed)}).found("back-populates")
    assert finding.title == 'Order.user has back_populates="orders", but User.orders points at Account (m)'
    assert [place.line for place in finding.locations] == [20, 10]


HINTS = {
    "orders = association_proxy('a', 'b')": "",
    "@declared_attr\n    def orders(cls): return made(cls)": "",
    "pass": "\nUser.orders = relationship('Order', back_populates='user')",
    "id2 = Column(Integer)": "\nclass X(Base):\n    __tablename__ = 'x'\n    u = relationship(User, backref='orders')",
}


@pytest.mark.parametrize(("line", "more"), HINTS.items(), ids=HINTS.keys())
def test_what_source_only_hints_at_is_no_finding(line: str, more: str) -> None:
    assert Source({"m.py": module(PAIR.format(line)) + more}).found("back-populates") == []


def test_an_inherited_other_side() -> None:
    text = module(PAIR.format('orders = relationship("Order", back_populates="user")')).replace(
        'relationship("User", b', 'relationship("Special", b'
    )
    assert Source({"m.py": text}).found("back-populates") == []


def work_for(classes: int) -> int:
    """How many calls of Python functions the rule makes for so many classes that all lack their other side."""
    text = "class Base(DeclarativeBase): ...\n" + "".join(
        f"class C{at}(Base):\n    __tablename__ = 'c{at}'\n    more = relationship('C{at}', backref='less{at}')\n"
        f"    other = relationship('C{(at + 1) % classes}', back_populates='nothing')\n"
        for at in range(classes)
    )
    view = Source({"models.py": f"from sqlalchemy.orm import DeclarativeBase, relationship\n{text}"}).view()
    calls = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        found = list(back_populates.find(view))
    finally:
        sys.setprofile(before)
    assert found == []  # each class may have what a backref brings
    return calls


@pytest.mark.slow
def test_twice_as_many_classes_are_twice_the_work() -> None:
    assert work_for(120) < 2.2 * work_for(60)
