"""Relationships that cannot be joined, judged as SQLAlchemy itself judges them."""

from __future__ import annotations

import pytest

from tests.inventory.projects import Source
from tests.inventory.real import complaint, module

ORDER = """
link = Table(
    "link", Base.metadata, Column("u", ForeignKey("users.id")), Column("o", ForeignKey("orders.id"))
)
class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    {}
    user = relationship({})
"""
ONE = 'user_id = Column(ForeignKey("users.id"))'
TWO = f'{ONE}; seller_id = Column(ForeignKey("users.id"))'
NONE = "user_id = Column(Integer)"
WAYS = {
    "one key": (ONE, '"User"', None),
    "one key on an attribute": ("user_id = Column(ForeignKey(User.id))", '"User"', None),
    "one key with an alias of its type": (
        'user_id: Mapped[Annotated[int, mapped_column(ForeignKey("users.id"))]]',
        '"User"',
        None,
    ),
    "two keys and a choice": (TWO, '"User", foreign_keys=[user_id]', None),
    "two keys and a condition": (TWO, '"User", primaryjoin="Order.user_id == User.id"', None),
    "no key and a condition": (NONE, '"User", primaryjoin="foreign(Order.user_id) == User.id"', None),
    "no key and a secondary table": (NONE, '"User", secondary=link', None),
    "no key": (NONE, '"User"', 'no foreign key joins "orders" and "users"'),
    "two keys": (TWO, '"User"', '2 foreign keys join "orders" and "users", and nothing says which one it follows'),
    "itself without a key": (ONE, '"Order"', 'no foreign key joins "orders" and "orders"'),
    "itself with a key": ('parent_id = Column(ForeignKey("orders.id"))', '"Order"', None),
}


@pytest.mark.parametrize(("keys", "arguments", "why"), WAYS.values(), ids=WAYS.keys())
def test_the_foreign_keys_of_a_relationship(keys: str, arguments: str, why: str | None) -> None:
    text = module(ORDER.format(keys, arguments))
    assert ("Could not determine join condition" in (complaint(text) or "")) == (why is not None)
    found = Source({"m.py": text}).found("join-condition")
    assert [item.title for item in found] == [f"Order.user cannot be joined: {why}"] * (why is not None)
    assert all(item.severity == "blocks_now" for item in found)


def test_the_keys_to_choose_from_are_told() -> None:
    (finding,) = Source({"m.py": module(ORDER.format(TWO, '"User"'))}).found("join-condition")
    assert [(place.line, place.role) for place in finding.locations] == [
        (17, "relationship"),
        (16, "column"),
        (16, "column"),
    ]


@pytest.mark.parametrize(
    "keys",
    [
        "user_id: Mapped[UserId]",
        "user_id = make_key()",
        "user_id = Column(*arguments)",
        "user_id = Column(ForeignKey(name()))",
        '__table_args__ = (ForeignKeyConstraint(["id"], ["users.id"]),)',
    ],
)
def test_keys_that_source_does_not_show(keys: str) -> None:
    assert Source({"m.py": module(ORDER.format(keys, '"User"'))}).found("join-condition") == []


def test_an_inherited_table_may_have_the_key() -> None:
    text = module(ORDER.format(ONE, '"User"')) + (
        "\nclass Special(User):\n    __tablename__ = 'special'\n"
        "    id = Column(ForeignKey('users.id'), primary_key=True)\n    orders = relationship('Order', viewonly=True)\n"
    )
    assert complaint(text) is None
    assert Source({"m.py": text}).found("join-condition") == []
