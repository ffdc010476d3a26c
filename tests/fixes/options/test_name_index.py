"""Two tables whose indexes get one name keep both of them, under names that differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixes.apps import BASE, options_of, patched

MODEL = """
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base


class OrderLine(Base):
    __tablename__ = "order_line"

    id: Mapped[int] = mapped_column(primary_key=True, index=True)


class Order(Base):
    __tablename__ = "order"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(index=True)


LAST = 1
"""


def files(model: str) -> dict[str, str | bytes]:
    return {"app/__init__.py": "", "app/base.py": BASE, "app/models.py": model}


@pytest.mark.parametrize(
    "one_table",
    [
        MODEL.replace("primary_key=True, index=True", "primary_key=True"),
        MODEL.replace('__tablename__ = "order"\n', '__tablename__ = "orders"\n'),
    ],
)
def test_names_that_differ_already_have_no_option(tmp_path: Path, one_table: str) -> None:
    assert options_of(tmp_path, files(one_table)) == {}


@pytest.mark.slow
def test_an_index_that_one_table_has_twice_is_not_named(tmp_path: Path) -> None:
    twice = MODEL.replace("primary_key=True, index=True", "primary_key=True").replace(
        '__tablename__ = "order"\n',
        '__tablename__ = "order"\n    __table_args__ = (Index("ix_order_line_id", "line_id"),)\n',
    )
    found = options_of(tmp_path, files("from sqlalchemy import Index\n" + twice.lstrip()))

    assert set(found) == {"drop-index", "drop-index-of-column"}


def test_either_index_can_get_a_name_of_its_own(tmp_path: Path) -> None:
    found = options_of(tmp_path, files(MODEL))

    assert {kind for kind in found if kind.startswith("name-index")} == {"name-index", "name-index-2"}
    assert (found["name-index"].losses, len(found["drop-index-of-column"].losses)) == ((), 1)
    assert [option.lines_removed for kind, option in found.items() if kind.startswith("name-index")] == [1, 1]


def test_the_index_stays_behind_its_class(tmp_path: Path) -> None:
    option = options_of(tmp_path, files(MODEL))["name-index-2"]

    text = patched(tmp_path, option)["app/models.py"]

    assert 'line_id: Mapped[int] = mapped_column()\n\n\nIndex("ix_order__line_id", Order.line_id)\n' in text
    assert "from sqlalchemy import Index\n" in text
    assert "primary_key=True, index=True" in text


def test_a_mixin_has_no_index_of_one_table_to_name(tmp_path: Path) -> None:
    mixed = MODEL.replace("    id: Mapped[int] = mapped_column(primary_key=True, index=True)\n", "").replace(
        "class OrderLine(Base):",
        "class Numbered:\n    id: Mapped[int] = mapped_column(primary_key=True, index=True)\n\n\n"
        "class OrderLine(Numbered, Base):",
    )

    found = options_of(tmp_path, files(mixed))

    assert {kind for kind in found if kind.startswith("name-index")} == {"name-index"}
    assert 'Index("ix_order__line_id", Order.line_id)' in patched(tmp_path, found["name-index"])["app/models.py"]
