"""One of two definitions of an index goes; nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixes.apps import BASE, cause, options_for, options_of, patched

MODEL = """
from sqlalchemy import ForeignKey, Index, String  # all three
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base


class Trade(Base):
    __tablename__ = "trades"
    __table_args__ = (
        Index("ix_trades_symbol", "symbol"),  # for the ticker
        Index("ix_trades_side", "side"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    symbol: Mapped[str] = mapped_column(String(8), index=True)
    side: Mapped[str] = mapped_column(String(4))
"""


def files(model: str) -> dict[str, str | bytes]:
    return {"app/__init__.py": "", "app/base.py": BASE, "app/models.py": model}


def test_an_index_that_is_defined_once_has_no_option(tmp_path: Path) -> None:
    assert options_of(tmp_path, files(MODEL.replace(", index=True", ""))) == {}


def test_there_is_an_option_for_each_of_the_two_definitions(tmp_path: Path) -> None:
    found = options_of(tmp_path, files(MODEL))

    assert set(found) == {"drop-index", "drop-index-of-column"}
    assert all(option.losses == () and not option.on_tests for option in found.values())
    assert found["drop-index"].why == "The index of that name stays defined at app/models.py:15"


def test_the_explicit_index_goes_and_its_neighbours_stay(tmp_path: Path) -> None:
    text = patched(tmp_path, options_of(tmp_path, files(MODEL))["drop-index"])["app/models.py"]

    assert '"ix_trades_symbol"' not in text
    assert '    __table_args__ = (\n        Index("ix_trades_side", "side"),\n    )\n' in text
    assert "index=True" in text
    assert "from sqlalchemy import ForeignKey, Index, String  # all three" in text


@pytest.mark.parametrize("comma", [",", ""])
def test_the_last_of_a_tuple_goes_without_a_trace(comma: str, tmp_path: Path) -> None:
    symbol, side = (
        '        Index("ix_trades_symbol", "symbol"),  # for the ticker\n',
        '        Index("ix_trades_side", "side"),\n',
    )
    turned = MODEL.replace(symbol + side, side + symbol.replace("),", f"){comma}"))

    text = patched(tmp_path, options_of(tmp_path, files(turned))["drop-index"])["app/models.py"]

    assert text == MODEL.replace(symbol, "").lstrip()


def test_an_import_that_the_patch_leaves_unused_goes_too(tmp_path: Path) -> None:
    one = MODEL.replace('        Index("ix_trades_side", "side"),\n', "")

    text = patched(tmp_path, options_of(tmp_path, files(one))["drop-index"])["app/models.py"]

    assert "from sqlalchemy import ForeignKey, String  # all three" in text


def test_index_true_goes_from_the_column_and_its_other_arguments_stay(tmp_path: Path) -> None:
    text = patched(tmp_path, options_of(tmp_path, files(MODEL))["drop-index-of-column"])["app/models.py"]

    assert "symbol: Mapped[str] = mapped_column(String(8))\n" in text
    assert 'Index("ix_trades_symbol", "symbol"),  # for the ticker' in text


@pytest.mark.parametrize("kind", ["drop-index", "drop-index-of-column"])
def test_line_ends_stay_as_they_are(kind: str, tmp_path: Path) -> None:
    windows = MODEL.lstrip().replace("\n", "\r\n").encode()

    text = patched(tmp_path, options_of(tmp_path, {**files(""), "app/models.py": windows})[kind])["app/models.py"]

    assert text.count("\r\n") == text.count("\n")


def test_a_file_that_is_not_utf8_is_an_obstacle_and_no_crash(tmp_path: Path) -> None:
    latin = ("# -*- coding: latin-1 -*-\n# ä\n" + MODEL.lstrip()).encode("latin-1")

    found = options_of(tmp_path, {**files(""), "app/models.py": latin})

    assert found
    assert all(option.patch == "" and "not UTF-8" in str(option.obstacle) for option in found.values())


ONE = MODEL.lstrip().replace(", index=True", "")
OTHER = """from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base


class Trade(Base):
    __tablename__ = "trades"
    __table_args__ = {"extend_existing": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    symbol: Mapped[str] = mapped_column(index=True)
"""
REVISION = 'def upgrade(op):\n    op.create_index("ix_trades_symbol", "trades", ["symbol"])\n'


def test_what_only_names_the_index_is_no_definition(tmp_path: Path) -> None:
    named = cause("duplicate-index", "ix_trades_symbol", "app/models.py:10", "migrations/one.py:2")

    assert options_for(tmp_path, {**files(ONE), "migrations/one.py": REVISION}, named) == {}


def test_an_index_of_two_files_can_go_from_either_of_them(tmp_path: Path) -> None:
    both = {**files(ONE), "app/tickers.py": OTHER, "migrations/one.py": REVISION}
    places = ("app/models.py:10", "migrations/one.py:2", "app/tickers.py:11 definition")

    found = options_for(tmp_path, both, cause("duplicate-index", "ix_trades_symbol", *places))

    assert {kind: option.files for kind, option in found.items()} == {
        "drop-index": ("app/models.py",),
        "drop-index-of-column": ("app/tickers.py",),
    }
    assert found["drop-index"].why == "The index of that name stays defined at app/tickers.py:11"
    assert "index=True" not in patched(tmp_path, found["drop-index-of-column"])["app/tickers.py"]


def test_options_of_one_kind_have_ids_of_their_own(tmp_path: Path) -> None:
    both = {**files(ONE), "app/tickers.py": ONE}

    found = options_for(tmp_path, both, cause("duplicate-index", "i", "app/models.py:10", "app/tickers.py:10"))

    assert {option.id for option in found.values()} == {
        "drop-index:duplicate-index:i",
        "drop-index-2:duplicate-index:i",
    }


def test_it_is_a_loss_when_the_index_stays_in_a_class_that_is_to_go(tmp_path: Path) -> None:
    both = {**files(ONE), "app/tickers.py": OTHER}
    places = ("app/models.py:10", "app/tickers.py:11")

    found = options_for(tmp_path, both, cause("duplicate-index", "ix_trades_symbol", *places))

    assert found["drop-index-of-column"].losses == ()
    (loss,) = found["drop-index"].losses
    assert loss == "the index stays in a duplicate class (app.tickers.Trade), and goes when that one does"


TWO_TABLES = """from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base


class Numbered:
    id: Mapped[str] = mapped_column(String(26), primary_key=True, index=True)


class Concept(Numbered, Base):
    __tablename__ = "payout_concept"


class Payout(Numbered, Base):
    __tablename__ = "payout"

    concept_id: Mapped[str] = mapped_column(String(26), index=True)
"""


def test_an_index_of_two_tables_leaves_one_without_and_the_column_of_many_tables_comes_last(tmp_path: Path) -> None:
    found = options_of(tmp_path, files(TWO_TABLES))

    of_mixin, own = found["drop-index-of-column"].losses, found["drop-index-of-column-2"].losses
    assert own == ("no index is left on the column (app/models.py:18): the other one is of another table",)
    assert of_mixin == (
        "no index is left on the column (app/models.py:8): the other one is of another table",
        "every table that gets the column from there loses its index",
    )
