"""Classes that answer to one name in one registry."""

from __future__ import annotations

import pytest

from kit.inventory.registry.collisions import Support, find_collisions
from tests.inventory.projects import Source

DB = "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\nclass Other(DeclarativeBase): ..."
AUTH = """
    from db import Base
    class User(Base):
        __tablename__ = "users"
        id = Column(Integer, primary_key=True)
        mail = Column(String)
        orders = relationship("Order", back_populates="user")
"""
USERS = """
    from db import Base
    class User(Base):
        __tablename__ = "users"
        __table_args__ = ({"extend_existing": True},)
        id = Column(Integer, primary_key=True)
"""
ORDERS = """
    from db import Base
    class Order(Base):
        __tablename__ = "orders"
        user = relationship("User", back_populates="orders")
"""
APP = {"db.py": DB, "auth/models.py": AUTH, "users/models.py": USERS, "orders/models.py": ORDERS}


def test_two_classes_of_a_name_on_one_base_collide() -> None:
    (collision,) = Source(APP).collisions()
    assert (collision.id, collision.name, collision.registry, collision.tables) == (
        "User",
        "User",
        "db.Base",
        ("users",),
    )
    assert [str(party.mapped.location) for party in collision.classes] == ["auth/models.py:2", "users/models.py:2"]
    assert [str(place) for place in collision.used_by] == ["orders/models.py:4"]
    assert collision.loaded is None


def test_the_same_name_on_another_base_is_no_collision() -> None:
    users = USERS.replace("import Base", "import Other as Base")
    assert Source({**APP, "users/models.py": users}).collisions() == ()


def test_a_class_that_is_imported_elsewhere_is_one_class() -> None:
    assert Source({**APP, "users/models.py": "from auth.models import User"}).collisions() == ()


def test_one_class_of_two_that_only_one_branch_defines() -> None:
    either = "class A(Base): __tablename__ = 'a'"
    text = f"from db import Base\nif X:\n    {either}\nelse:\n    {either}"
    assert Source({"db.py": DB, "m.py": text}).collisions() == ()


def test_three_classes_are_one_collision() -> None:
    (collision,) = Source({**APP, "third.py": USERS}).collisions()
    assert len(collision.classes) == 3


def test_collisions_of_a_name_in_two_registries_have_different_ids() -> None:
    other = {"a.py": "from db import Other\nclass User(Other): __tablename__ = 'u'"}
    found = Source({**APP, **other, "b.py": other["a.py"]}).collisions()
    assert [collision.id for collision in found] == ["User@db.Base", "User@db.Other"]


def test_the_primary_class_is_the_one_that_others_need() -> None:
    importers = {f"service{number}.py": "from users.models import User" for number in range(5)}
    (collision,) = Source({**APP, **importers, "web.py": "from auth.models import User"}).collisions()
    primary, duplicate = collision.classes
    assert (primary.mapped.module, primary.primary, primary.importers) == ("auth.models", True, 1)
    assert primary.why == (
        "1 place imports the class, 2 columns, 1 relationship, 1 relationship in other files can only mean it"
    )
    assert (duplicate.mapped.module, duplicate.primary, duplicate.importers) == ("users.models", False, 5)
    assert (
        duplicate.why
        == "5 places import the class, 1 column, 0 relationships, extends the table that the other defines"
    )


LOOKUPS = {
    'relationship("User")': True,
    'relationship(argument="User")': True,
    'relationship("Order", primaryjoin="Order.user_id == User.id")': True,
    'relationship("Order", order_by="desc(models.User.id)")': True,
    'relationship("models.User")': True,
    'relationship("auth.models.User")': False,
    'relationship("Order", order_by="Order.User")': False,
    'relationship("Order", primaryjoin="Order.name == \'User.name\'")': False,
    "relationship(lambda: User)": False,
    "relationship(User)": False,
}


@pytest.mark.parametrize(("call", "looks_up"), LOOKUPS.items(), ids=LOOKUPS.keys())
def test_which_relationships_look_the_name_up(call: str, looks_up: bool) -> None:
    order = f"""
        from db import Base
        from auth.models import User
        class Order(Base):
            __tablename__ = "orders"
            user = {call}
    """
    (collision,) = Source({**APP, "orders/models.py": order}).collisions()
    assert bool(collision.used_by) == looks_up


ANNOTATIONS = {
    'Mapped["User"]': True,
    'Mapped[list["User"]]': True,
    'Mapped["list[User]"]': True,
    'Mapped[Optional["User"]]': True,
    'Mapped["User | None"]': True,
    '"Mapped[User]"': True,
    'orm.Mapped[dict[str, "User"]]': True,
    'WriteOnlyMapped["User"]': True,
    "Mapped[User]": False,
    "Mapped[list[User]]": False,
    'Mapped["Order"]': False,
}


@pytest.mark.parametrize(("annotation", "looks_up"), ANNOTATIONS.items(), ids=ANNOTATIONS.keys())
def test_which_annotations_look_the_name_up(annotation: str, looks_up: bool) -> None:
    order = f"""
        from db import Base
        from auth.models import User
        class Order(Base):
            __tablename__ = "orders"
            user: {annotation} = relationship(viewonly=True)
    """
    (collision,) = Source({**APP, "orders/models.py": order}).collisions()
    assert bool(collision.used_by) == looks_up


def test_postponed_annotations_are_strings_to_sqlalchemy() -> None:
    order = """
        from __future__ import annotations
        from db import Base
        from auth.models import User
        class Order(Base):
            __tablename__ = "orders"
            user: Mapped[User] = relationship()
    """
    (collision,) = Source({**APP, "orders/models.py": order}).collisions()
    assert [str(place) for place in collision.used_by] == ["orders/models.py:6"]


def test_a_lookup_in_another_registry_is_none_of_this_one() -> None:
    order = ORDERS.replace("import Base", "import Other as Base")
    (collision,) = Source({**APP, "orders/models.py": order}).collisions()
    assert collision.used_by == ()


def test_the_parts_of_the_score_are_shown_and_decide() -> None:
    (collision,) = Source(APP).collisions()
    primary, duplicate = collision.classes
    assert {part.what: (part.value, part.points) for part in primary.score} == {
        "importers": (0, 0.0),
        "importers in tests": (0, 0.0),
        "columns": (2, 0.67),
        "relationships": (1, 1.0),
        "relationships that can only mean it": (1, 2.0),
        "defines its table": (1, 1.0),
    }
    assert sum(part.points for part in primary.score) > sum(part.points for part in duplicate.score)


AGES = {(30, 20): [0.5, 0.0], (20, 20): [0.0, 0.0], (None, 20): []}


@pytest.mark.parametrize(("days", "points"), AGES.items())
def test_the_older_class_gets_points_where_all_ages_are_known(
    days: tuple[int | None, int], points: list[float]
) -> None:
    source = Source(APP)
    ages = dict(zip(("auth.models", "users.models"), days, strict=True))
    (collision,) = find_collisions(
        source.mappers, source.names, lambda fact: Support(0, age_days=ages.get(fact.module))
    )
    parts = [part for party in collision.classes for part in party.score if part.what == "days in version control"]
    assert [part.points for part in parts] == points
