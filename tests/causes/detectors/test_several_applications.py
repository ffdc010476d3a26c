"""Where one repository holds several applications with classes of one name, those of the failing test come first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.causes.apps import blocking, investigated, places, told

pytestmark = pytest.mark.slow

BASE = """
    from sqlalchemy.orm import declarative_base
    Base = declarative_base()
"""
MODELS = """
    from sqlalchemy import Column, ForeignKey, Index, Integer
    from sqlalchemy.orm import relationship
    from shop.base import Base

    class Hero(Base):
        __tablename__ = "hero"
        id = Column(Integer, primary_key=True)
        age = Column(Integer, index=True)
        team_id = Column(ForeignKey("team.id"))
        {more}

    class Team(Base):
        __tablename__ = "team"
        id = Column(Integer, primary_key=True)
        heroes = relationship("Hero")
    {behind}
"""
#: each test begins without a mapped class, as those of documented applications do
TEST = """
    import importlib
    import pytest
    from sqlalchemy import create_engine
    from shop.base import Base

    @pytest.mark.parametrize("name", ["models"])
    def test_{name}(name):
        Base.metadata.clear()
        Base.registry.dispose()
        models = importlib.import_module(f"shop.{name}.{{name}}")
        Base.metadata.create_all(create_engine("sqlite://"))
        models.Team()
"""


def app_of(name: str, more: str = "", behind: str = "") -> dict[str, str]:
    """One application and its test, as files."""
    return {
        f"shop/{name}/__init__.py": "",
        f"shop/{name}/models.py": MODELS.format(more=more, behind=behind),
        f"tests/test_{name}.py": TEST.replace("{name}", name).replace("{" + name + "}", "{name}"),
    }


OTHERS = {"shop/base.py": BASE, **app_of("admin"), **app_of("basket")}


def test_an_index_that_one_of_them_creates_twice_is_named_there(tmp_path: Path) -> None:
    index = '__table_args__ = (Index("ix_hero_age", "age"),)'
    causes, _ = investigated(tmp_path, {**OTHERS, **app_of("orders", index)})

    cause = blocking(causes, "test_orders[models]")
    assert cause.kind == "duplicate-index"
    assert {*places(cause)[:2]} == {"shop/orders/models.py:8", "shop/orders/models.py:10"}


def test_classes_of_one_name_that_meet_in_one_of_them_are_named_there(tmp_path: Path) -> None:
    twin = """
        from sqlalchemy import Column, Integer
        from shop.base import Base

        class Hero(Base):
            __tablename__ = "old_hero"
            id = Column(Integer, primary_key=True)
        """
    orders = app_of("orders", behind="import shop.orders.old")
    causes, _ = investigated(tmp_path, {**OTHERS, **orders, "shop/orders/old.py": twin})

    cause = blocking(causes, "test_orders[models]")
    assert cause.kind == "mapper-collision"
    assert {*places(cause)} == {"shop/orders/models.py:5", "shop/orders/old.py:4"}
    assert "shop.basket" not in told(cause)


@pytest.mark.parametrize(
    ("right", "wrong", "like"),
    [
        ('relationship("Hero")', 'relationship("Heros")', ('A mapped class of a like name: "Hero"', 5)),
        ('"team.id"', '"teams.id"', ('There is a table of a like name: "team"', 12)),
    ],
)
def test_a_like_name_is_shown_where_the_failing_test_has_it(
    tmp_path: Path, right: str, wrong: str, like: tuple[str, int]
) -> None:
    files = app_of("basket")
    files["shop/basket/models.py"] = files["shop/basket/models.py"].replace(right, wrong)
    causes, _ = investigated(tmp_path, {**OTHERS, **files, **app_of("orders")})

    (near,) = [one for one in blocking(causes, "test_basket[models]").evidence if "like name" in one.text]
    assert (near.text, str(near.location)) == (like[0], f"shop/basket/models.py:{like[1]}")
