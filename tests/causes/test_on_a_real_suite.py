"""A small app that is really broken in several ways: inventory, suite, groups and causes together."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.facts.places import Location
from kit.failures import group_failures
from kit.inventory import Inventory, mark_loaded
from kit.suite import RunOptions, run_suite
from kit.target import find_target
from tests.helpers import write_project

pytestmark = pytest.mark.slow

APP = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n[tool.pytest.ini_options]\npythonpath = ["."]\n',
    "shop/__init__.py": "",
    "shop/base.py": "from sqlalchemy.orm import DeclarativeBase\n\nclass Base(DeclarativeBase):\n    pass\n",
    "shop/auth.py": """
        from sqlalchemy import ForeignKey
        from sqlalchemy.orm import Mapped, mapped_column, relationship
        from shop.base import Base

        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)
            email: Mapped[str]

        class Session(Base):
            __tablename__ = "sessions"
            id: Mapped[int] = mapped_column(primary_key=True)
            user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
            user = relationship("User")
        """,
    "shop/members.py": """
        from sqlalchemy.orm import Mapped, mapped_column
        from shop.base import Base

        class User(Base):
            __tablename__ = "users"
            __table_args__ = ({"extend_existing": True},)
            id: Mapped[int] = mapped_column(primary_key=True)
        """,
    "shop/orders.py": """
        from datetime import UTC, datetime
        from sqlalchemy import Index
        from sqlalchemy.orm import Mapped, mapped_column
        from shop.base import Base

        class Order(Base):
            __tablename__ = "orders"
            __table_args__ = (Index("ix_orders_status", "status"),)
            id: Mapped[int] = mapped_column(primary_key=True)
            status: Mapped[str] = mapped_column(index=True)

        def is_late(due):
            return datetime.now() > due
        """,
    "tests/conftest.py": """
        import pytest
        import sqlalchemy
        from shop import auth, members, orders
        from shop.base import Base

        @pytest.fixture
        def db():
            engine = sqlalchemy.create_engine("sqlite://")
            try:
                Base.metadata.create_all(engine)
                yield engine
            finally:
                engine.dispose()
        """,
    "tests/test_orders.py": """
        from datetime import UTC, datetime
        import pytest
        from sqlalchemy.orm import Session
        from shop.auth import User
        from shop.orders import is_late

        @pytest.mark.parametrize("name", ["ann", "bob", "eve"])
        def test_user_is_stored(db, name):
            with Session(db) as session:
                session.add(User(email=name))
                session.commit()

        @pytest.mark.parametrize("year", [2020, 2030])
        def test_late(year):
            assert is_late(datetime(year, 1, 1, tzinfo=UTC)) == (year == 2020)

        def test_total():
            assert 1 + 1 == 2
        """,
}


def investigate(root: Path, events: Path) -> tuple[Cause, ...]:
    target = find_target(root)
    suite = run_suite(target, events=events, options=RunOptions(workers=1, timeout_s=20))
    inventory = mark_loaded(Inventory.of(target).facts, suite.loaded_modules)
    return find_causes(inventory, suite, group_failures(suite))


def test_what_the_index_hides_is_told_first_and_shows_once_the_index_is_mended(tmp_path: Path) -> None:
    root = write_project(tmp_path / "shop", APP)

    index, collision, naive = investigate(root, tmp_path / "before.jsonl")

    assert (index.id, index.tests_blocked) == ("duplicate-index:ix_orders_status", 3)
    assert Location("shop/orders.py", 8) in [Location(place.path, place.line) for place in index.locations]
    assert (collision.id, collision.tests_blocked) == ("mapper-collision:User", 0)
    assert (collision.hidden_behind, collision.waiting) == (index.id, 3)
    assert (naive.id, naive.tests_blocked) == ("naive-datetime:shop.orders:is_late", 2)

    orders = root / "shop/orders.py"
    orders.write_text(orders.read_text().replace("mapped_column(index=True)", "mapped_column()"))
    collision, naive = investigate(root, tmp_path / "after.jsonl")

    assert (collision.id, collision.tests_blocked, collision.first_hand) == ("mapper-collision:User", 3, 1)
    assert [(place.path, place.role) for place in collision.locations] == [
        ("shop/members.py", "duplicate"),
        ("shop/auth.py", "definition"),
    ]
    assert collision.hidden_behind is None
