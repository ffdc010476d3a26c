"""An application that makes times without a zone in one place and compares them in others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.causes.apps import investigated, names_of, places, told

pytestmark = pytest.mark.slow

BASE = "from sqlalchemy.orm import DeclarativeBase\n\nclass Base(DeclarativeBase):\n    pass\n"


def test_the_one_producing_line_is_the_cause_of_all_places_where_the_two_meet(tmp_path: Path) -> None:
    files = {
        "shop/clock.py": """
            from datetime import UTC, datetime

            def now():
                return datetime.utcnow()

            def later():
                return datetime.now(UTC)
            """,
        "shop/orders.py": """
            from shop.clock import later, now

            def is_late():
                return now() > later()

            def waits():
                return later() - now()
            """,
        "tests/test_orders.py": """
            import pytest
            from shop import orders

            @pytest.mark.filterwarnings("ignore::DeprecationWarning")
            @pytest.mark.parametrize("ask", [orders.is_late, orders.waits])
            def test_times(ask):
                ask()
            """,
    }

    (cause,), _ = investigated(tmp_path, files)

    assert cause.tests_blocked == 2
    assert places(cause) == ["shop/clock.py:4", "shop/orders.py:4", "shop/orders.py:7"]
    assert "datetime.datetime.utcnow() gives a time without zone" in told(cause)


def test_what_takes_a_zone_away_in_called_code_is_the_producer_also_of_what_tests_only_compare(tmp_path: Path) -> None:
    files = {
        "shop/clock.py": """
            def plain(moment):
                return moment.replace(tzinfo=None)
            """,
        "shop/database.py": """
            def stored(moment):
                return moment.replace(tzinfo=None)
            """,
        "shop/orders.py": """
            from datetime import UTC, datetime
            from shop import database
            from shop.clock import plain

            def due(moment):
                return plain(moment)

            def is_due(moment):
                return plain(moment) < datetime.now(UTC)
            """,
        "tests/test_orders.py": """
            from datetime import UTC, datetime
            from shop.clock import plain
            from shop.orders import due, is_due

            MOMENT = datetime(2026, 3, 4, tzinfo=UTC)

            def test_is_due():
                assert is_due(MOMENT)

            def test_due():
                assert due(MOMENT) == MOMENT

            def test_zone():
                assert plain(MOMENT).tzinfo is UTC
            """,
    }

    (cause,), _ = investigated(tmp_path, files)

    assert cause.id == "naive-datetime:shop.orders:is_due"
    assert names_of(cause) == {"test_is_due", "test_due", "test_zone"}
    assert places(cause) == ["shop/clock.py:2", "shop/orders.py:9"]
    assert "replace(tzinfo=None) takes the zone away" in told(cause)


CLOCK = """
    from datetime import UTC, datetime

    def is_late(moment):
        return datetime.now(UTC) > moment
    """
ORDERS = """
    from sqlalchemy import Column, DateTime, Integer
    from shop.base import Base

    class Order(Base):
        __tablename__ = "orders"
        id = Column(Integer, primary_key=True)
        placed_at = Column(DateTime)
    """


def test_a_producer_that_takes_no_part_in_the_failure_is_not_named(tmp_path: Path) -> None:
    files = {
        "shop/base.py": BASE,
        "shop/clock.py": CLOCK,
        "shop/orders.py": ORDERS,
        "tests/test_orders.py": """
            from datetime import datetime
            from shop.clock import is_late
            from shop.orders import Order

            def test_late():
                assert is_late(datetime.fromisoformat("2020-01-01"))
            """,
    }

    (cause,), _ = investigated(tmp_path, files)

    assert places(cause) == ["shop/clock.py:4"]


def test_a_value_that_the_traceback_spells_out_is_the_producer(tmp_path: Path) -> None:
    files = {
        "shop/base.py": BASE,
        "shop/clock.py": CLOCK,
        "shop/orders.py": ORDERS,
        "tests/test_orders.py": """
            from datetime import datetime
            from types import SimpleNamespace
            from shop.clock import is_late
            from shop.orders import Order

            def test_late():
                order = SimpleNamespace
                assert is_late(order(placed_at=datetime(2020, 1, 1)).placed_at)
            """,
    }

    (cause,), _ = investigated(tmp_path, files)

    assert places(cause) == ["tests/test_orders.py:8", "shop/clock.py:4"]
    assert "datetime(2020, 1, 1) is a time without zone" in told(cause)


def test_a_column_that_the_lines_of_the_traceback_read_is_the_producer(tmp_path: Path) -> None:
    files = {
        "shop/base.py": BASE,
        "shop/clock.py": CLOCK,
        "shop/orders.py": ORDERS,
        "tests/test_orders.py": """
            from datetime import UTC, datetime
            import sqlalchemy
            from sqlalchemy.orm import Session
            from shop.base import Base
            from shop.clock import is_late
            from shop.orders import Order

            def test_late():
                engine = sqlalchemy.create_engine("sqlite://")
                try:
                    Base.metadata.create_all(engine)
                    with Session(engine) as session:
                        session.add(Order(id=1, placed_at=datetime.now(UTC)))
                        session.commit()
                        assert is_late(session.get(Order, 1).placed_at)
                finally:
                    engine.dispose()
            """,
    }

    (cause,), _ = investigated(tmp_path, files)

    assert places(cause) == ["shop/orders.py:7", "shop/clock.py:4"]


def test_a_column_that_keeps_no_zone_is_the_producer(tmp_path: Path) -> None:
    files = {
        "shop/base.py": BASE,
        "shop/tokens.py": """
            from datetime import UTC, datetime
            from sqlalchemy import DateTime
            from sqlalchemy.orm import Mapped, mapped_column
            from shop.base import Base

            class Token(Base):
                __tablename__ = "tokens"
                id: Mapped[int] = mapped_column(primary_key=True)
                expires: Mapped[datetime] = mapped_column(DateTime())

                def is_expired(self):
                    return self.expires < datetime.now(UTC)
            """,
        "tests/test_tokens.py": """
            from datetime import UTC, datetime
            import sqlalchemy
            from sqlalchemy.orm import Session
            from shop.base import Base
            from shop.tokens import Token

            def test_expired():
                engine = sqlalchemy.create_engine("sqlite://")
                try:
                    Base.metadata.create_all(engine)
                    with Session(engine) as session:
                        session.add(Token(id=1, expires=datetime.now(UTC)))
                        session.commit()
                        assert session.get(Token, 1).is_expired()
                finally:
                    engine.dispose()
            """,
    }

    (cause,), _ = investigated(tmp_path, files)

    assert names_of(cause) == {"test_expired"}
    assert places(cause) == ["shop/tokens.py:9", "shop/tokens.py:12"]
    assert 'The column "expires" keeps no zone: it lacks timezone=True' in told(cause)
