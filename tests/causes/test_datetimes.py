"""An application that makes times without a zone in one place and compares them in others."""

from __future__ import annotations

from pathlib import Path

from tests.causes.apps import investigated, names_of, places, told

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
