"""One of two constraints of the same name goes; nothing else changes."""

from __future__ import annotations

from pathlib import Path

from tests.fixes.apps import BASE, cause, options_for, patched

MODEL = """
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base


class Trade(Base):
    __tablename__ = "trades"
    __table_args__ = (
        UniqueConstraint("symbol", name="uq_trades"),  # the first
        CheckConstraint("side > 0", name="side_is_positive"),
        UniqueConstraint("side", name="uq_trades"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    symbol: Mapped[str]
    side: Mapped[int]
"""
FILES: dict[str, str | bytes] = {"app/__init__.py": "", "app/base.py": BASE, "app/models.py": MODEL}


def test_a_constraint_of_which_one_place_is_known_has_no_option(tmp_path: Path) -> None:
    once = cause("duplicate-constraint", "uq_trades", "app/models.py:10 constraint", "app/models.py:7 class")

    assert options_for(tmp_path, FILES, once) == {}


def test_a_place_without_a_constraint_has_no_option(tmp_path: Path) -> None:
    elsewhere = cause("duplicate-constraint", "uq_trades", "app/models.py:7 constraint", "app/models.py:15 constraint")

    assert options_for(tmp_path, FILES, elsewhere) == {}


def test_each_of_the_two_can_go_and_the_others_stay(tmp_path: Path) -> None:
    twice = cause("duplicate-constraint", "uq_trades", "app/models.py:10 constraint", "app/models.py:12 constraint")

    found = options_for(tmp_path, FILES, twice)

    assert set(found) == {"drop-constraint", "drop-constraint-2"}
    assert '-        UniqueConstraint("symbol", name="uq_trades"),  # the first' in found["drop-constraint-2"].patch
    text = patched(tmp_path, found["drop-constraint"])["app/models.py"]
    assert text == MODEL.lstrip().replace('        UniqueConstraint("side", name="uq_trades"),\n', "")
