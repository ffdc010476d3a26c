"""An index that is created twice is named where it is defined."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.places import Location
from tests.causes.apps import investigated, places
from tests.causes.scenes import causes_of, finding, inventory, result, suite
from tests.failures.live import failure_with, in_test, own

SETUP = failure_with(
    "(sqlite3.OperationalError) index ix_usage_account already exists\n[SQL: CREATE INDEX ix_usage_account ON usage]",
    "sqlalchemy.exc.OperationalError",
    phase="setup",
    fixture="db",
    frames=(in_test("tests/conftest.py", 50, "db", "Base.metadata.create_all(schema)"),),
)
FOUND = finding("duplicate-index", "ix_usage_account", "app/quotas/models.py:12", "app/quotas/models.py:20")


def test_the_finding_gives_the_place_and_the_tests_give_the_count() -> None:
    facts = suite([result(f"t.py::{n}", SETUP) for n in range(5)], [SETUP])

    (cause,) = causes_of(facts, inventory(findings=[FOUND]))

    assert cause.id == "duplicate-index:ix_usage_account"
    assert cause.title == 'Index "ix_usage_account" is created twice'
    assert (cause.state, cause.tests_blocked, cause.first_hand) == ("consistent", 5, 5)
    assert cause.locations == FOUND.locations
    assert cause.evidence[0].anchor == "#finding-duplicate-index:ix_usage_account"


def test_without_the_inventory_the_place_is_where_it_was_raised() -> None:
    (cause,) = causes_of(suite([result("t.py::a", SETUP)], [SETUP]))

    assert cause.locations == (Location("tests/conftest.py", 50, "raised"),)


def test_a_finding_that_no_test_met_is_a_cause_with_no_tests() -> None:
    (cause,) = causes_of(suite([result("t.py::a")]), inventory(findings=[FOUND]))

    assert (cause.id, cause.tests, cause.locations) == ("duplicate-index:ix_usage_account", (), FOUND.locations)


def test_two_indexes_are_two_causes() -> None:
    other = failure_with("index ix_other already exists", "sqlite3.OperationalError", phase="setup")

    causes = causes_of(suite([result("t.py::a", SETUP), result("t.py::b", other)], [SETUP, other]))

    assert {cause.id for cause in causes} == {"duplicate-index:ix_usage_account", "duplicate-index:ix_other"}


def test_postgresql_calls_an_index_a_relation_as_it_does_a_table() -> None:
    frames = (own("app/db.py", 3, "create"),)
    index = failure_with('relation "ix_usage_account" already exists', "asyncpg.DuplicateTableError", frames=frames)
    table = failure_with('relation "usage" already exists', "asyncpg.DuplicateTableError", frames=frames)

    causes = causes_of(
        suite([result("t.py::a", index), result("t.py::b", table)], [index, table]), inventory(findings=[FOUND])
    )

    assert {cause.kind: cause.tests for cause in causes} == {
        "duplicate-index": ("t.py::a",),
        "failure-group": ("t.py::b",),
    }


@pytest.mark.slow
def test_an_index_of_two_files_on_one_table_is_named_in_both(tmp_path: Path) -> None:
    explicit = "    __table_args__ = (Index('ix_trades_symbol', 'symbol'), {'extend_existing': True})\n"
    files = {
        "shop/base.py": "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n",
        "shop/trades.py": "from sqlalchemy import Column, Index, Integer, String\nfrom shop.base import Base\n\n\n"
        f"class Trade(Base):\n    __tablename__ = 'trades'\n{explicit}"
        "    id = Column(Integer, primary_key=True)\n    symbol = Column(String)\n",
        "shop/paper.py": "from sqlalchemy import Column, Integer, String\nfrom shop.base import Base\n\n\n"
        "class PaperTrade(Base):\n    __tablename__ = 'trades'\n    __table_args__ = {'extend_existing': True}\n"
        "    id = Column(Integer, primary_key=True)\n    symbol = Column(String, index=True)\n",
        "tests/test_trades.py": "import shop.trades, shop.paper\nfrom sqlalchemy import create_engine\n"
        "from shop.base import Base\n\n\ndef test_all(): Base.metadata.create_all(create_engine('sqlite://'))\n",
    }
    (cause,), _ = investigated(tmp_path, files)
    assert cause.kind == "duplicate-index"
    assert {"shop/trades.py:7", "shop/paper.py:9"} <= set(places(cause)[:3])
