"""An index that is created twice is named where it is defined."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.facts.places import Location
from kit.failures import group_failures
from kit.inventory import Declarations, Inventory
from kit.target import find_target
from tests.causes.apps import PYPROJECT, investigated, places
from tests.causes.scenes import causes_of, finding, inventory, result, suite
from tests.failures.live import failure_with, in_test, own
from tests.helpers import write_project

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
    assert {*places(cause)[:2]} == {"shop/trades.py:7", "shop/paper.py:9"}
    assert not {"shop/trades.py:5", "shop/paper.py:5"} & {*places(cause)}, (
        "the classes say no more than the definitions"
    )


def test_an_index_that_two_classes_of_a_table_inherit_leads_to_the_classes_that_the_test_imports(
    tmp_path: Path,
) -> None:
    base = """
        from sqlmodel import Field, SQLModel

        class NamedBase(SQLModel):
            name: str = Field(index=True)
        """
    mapped = """
        from shop.base import NamedBase
        from sqlmodel import Field

        class {}(NamedBase, table=True):
            __tablename__ = "users"
            __table_args__ = {{"extend_existing": True}}
            id: int | None = Field(default=None, primary_key=True)
        """
    files = {
        "archive/__init__.py": "",
        "archive/users.py": mapped.format("User"),
        "shop/base.py": base,
        "shop/users.py": mapped.format("User"),
        "shop/members.py": mapped.format("Member"),
        "tests/test_users.py": "from shop import members, users\n\ndef test_tables(): 'ix_users_name'\n",
    }
    frames = (in_test("tests/test_users.py", 3, "test_tables"),)
    failure = failure_with("index ix_users_name already exists", "sqlite3.OperationalError", frames=frames)
    facts = suite([result("tests/test_users.py::test_tables", failure)], [failure])

    target = find_target(
        write_project(tmp_path / "shop", {"pyproject.toml": PYPROJECT, "shop/__init__.py": "", **files})
    )
    known = Inventory.of(target, runtime=False)
    causes = find_causes(
        known.facts,
        facts,
        group_failures(facts),
        loads=known.imported_by_tests,
        source=lambda: Declarations.of(target),
    )

    (cause,) = [cause for cause in causes if cause.tests]

    assert places(cause)[0] == "shop/base.py:4"
    assert sorted(places(cause)[1:3]) == ["shop/members.py:4", "shop/users.py:4"]
    assert places(cause)[3:] == ["archive/users.py:4", "tests/test_users.py:3"], "what the test does not import is last"
