"""Where one repository holds several applications with classes of one name, those of the failing test come first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.causes.apps import blocking, investigated, places

pytestmark = pytest.mark.slow

MODELS = """
    from sqlalchemy import Column, ForeignKey, Index, Integer
    from sqlalchemy.orm import declarative_base, relationship

    Base = declarative_base()

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
"""
TEST = """
    from sqlalchemy import create_engine
    from {module} import models

    def test_{name}():
        models.Base.metadata.create_all(create_engine("sqlite://"))
        models.Team()
"""


def app_of(name: str, more: str = "") -> dict[str, str]:
    """One application and its test, as files."""
    return {
        f"shop/{name}/__init__.py": "",
        f"shop/{name}/models.py": MODELS.format(more=more),
        f"tests/test_{name}.py": TEST.format(module=f"shop.{name}", name=name),
    }


def test_an_index_that_one_of_them_creates_twice_is_named_there(tmp_path: Path) -> None:
    index = '__table_args__ = (Index("ix_hero_age", "age"),)'
    files = {**app_of("admin"), **app_of("basket"), **app_of("orders", index)}
    causes, _ = investigated(tmp_path, files)

    cause = blocking(causes, "test_orders")
    assert cause.kind == "duplicate-index"
    assert {*places(cause)[:2]} == {"shop/orders/models.py:9", "shop/orders/models.py:11"}


def test_classes_of_one_name_that_meet_in_one_of_them_are_named_there(tmp_path: Path) -> None:
    twin = """
        from sqlalchemy import Column, Integer
        from shop.orders.models import Base

        class Hero(Base):
            __tablename__ = "old_hero"
            id = Column(Integer, primary_key=True)
        """
    orders = app_of("orders")
    models = MODELS.format(more="") + "\n    import shop.orders.old\n"
    files = {
        **app_of("admin"),
        **app_of("basket"),
        **orders,
        "shop/orders/models.py": models,
        "shop/orders/old.py": twin,
    }
    causes, _ = investigated(tmp_path, files)

    cause = blocking(causes, "test_orders")
    assert cause.kind == "mapper-collision"
    assert {*places(cause)[:2]} == {"shop/orders/models.py:6", "shop/orders/old.py:4"}
