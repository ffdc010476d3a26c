"""Defects that stand elsewhere than where they are raised: definitions, foreign keys, fixtures, exercised code."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.causes import Cause
from tests.causes.apps import blocking, investigated, names_of, places

pytestmark = pytest.mark.slow

APP = {
    "shop/models.py": """
        from sqlalchemy import Column, ForeignKey, Integer, String
        from sqlalchemy.orm import declarative_base

        Base = declarative_base()
        Other = declarative_base()

        class Owner(Base):
            __tablename__ = "owners"
            id = Column(Integer, primary_key=True)
            surname = Column(String(40))

        class Order(Other):
            __tablename__ = "orders"
            id = Column(Integer, primary_key=True)
            owner_id = Column(
                ForeignKey("owner.id"),
            )
        """,
    "shop/prices.py": """
        def price(amount, *, rate=2):
            return amount * rate + 1

        def total(amounts):
            return sum(amounts)

        def metals():
            return [
                "gold",
                "copper",
            ]
        """,
    "tests/conftest.py": """
        import pytest

        @pytest.fixture
        def basket_of_two():
            return [1, 2]

        @pytest.fixture
        async def stock():
            return 3
        """,
    "tests/test_shop.py": """
        from sqlalchemy import create_engine
        from shop.models import Other, Owner
        from shop.prices import price, total

        def test_small():
            assert price(2) == 4

        def test_large():
            assert price(20) == 40

        def test_total():
            assert total([1, 2]) == 3

        def test_rate():
            assert price(2, rates=3)

        def test_name():
            assert Owner(surname_of="Eve")

        def test_tables():
            Other.metadata.create_all(create_engine("sqlite://"))

        def test_basket(basket_of_too):
            assert basket_of_too

        def test_index():
            from sqlalchemy import Column, Index, Integer, MetaData, Table
            tables = MetaData()
            column = Column("size", Integer, index=True)
            Table("boxes", tables, column, Index("ix_boxes_size", "size"))
            tables.create_all(create_engine("sqlite://"))

        def test_stock(stock):
            assert stock == 3

        def test_stock_again(stock):
            assert stock == 3

        def test_inherited():
            from sqlalchemy import Column, ForeignKey, Integer
            class Firm(Owner):
                __tablename__ = "firms"
                id = Column(Integer, ForeignKey("orders.id"), primary_key=True)
        """,
    "tests/test_by_name.py": """
        import importlib
        import pytest

        @pytest.fixture(params=["prices"])
        def module(request):
            return importlib.import_module(f"shop.{request.param}")

        def test_of_a_module(module):
            assert module.total([1]) == 2

        def test_of_a_value(module):
            assert module.metals() == ["gold", "tin"]
        """,
}


@pytest.fixture(scope="module")
def causes(tmp_path_factory: pytest.TempPathFactory) -> list[Cause]:
    found, _ = investigated(tmp_path_factory.mktemp("app"), APP)
    return list(found)


@pytest.mark.parametrize(
    ("test", "identity", "place"),
    [
        ("test_rate", "wrong-call:price", "shop/prices.py:1"),
        ("test_name", "missing-attribute:Owner.surname_of", "shop/models.py:10"),
        ("test_tables", "foreign-key:orders.owner_id", "shop/models.py:16"),
        ("test_inherited", "foreign-key:firms", "tests/test_shop.py:43"),
        ("test_index", "duplicate-index:ix_boxes_size", "tests/test_shop.py:30"),
        ("test_basket", "fixture-missing:basket_of_too", "tests/conftest.py:4"),
        ("test_stock", "async-without-plugin:stock", "tests/conftest.py:8"),
    ],
)
def test_a_cause_names_the_line_that_defines_what_the_failure_is_about(
    causes: list[Cause], test: str, identity: str, place: str
) -> None:
    cause = blocking(causes, test)

    assert cause.id == identity
    assert place in places(cause)[:3]


def test_what_pytest_asserts_after_a_fixture_has_failed_belongs_to_the_fixture(causes: list[Cause]) -> None:
    assert names_of(blocking(causes, "test_stock")) == {"test_stock", "test_stock_again"}


def test_assertions_whose_tests_exercise_one_definition_are_one_cause_that_names_it(causes: list[Cause]) -> None:
    cause = blocking(causes, "test_small")

    assert cause.id == "exercised-code:shop/prices.py:1"
    assert cause.state == "unknown"
    assert names_of(cause) == {"test_small", "test_large"}


def test_a_module_that_a_test_imports_by_name_is_where_to_look_and_no_definition_on_its_first_line(
    causes: list[Cause],
) -> None:
    cause = blocking(causes, "test_of_a_module[prices]")

    assert cause.id == "exercised-code:shop/prices.py"
    assert names_of(cause) == {"test_of_a_module[prices]", "test_of_a_value[prices]"}
    assert places(cause)[:2] == ["shop/prices.py:10", "shop/prices.py:1"]  # the line of what was found in front


def test_arguments_that_a_library_refuses_lead_to_the_calls_of_the_tests_each_to_its_own(tmp_path: Path) -> None:
    app = {
        "shop/prices.py": "def prices():\n    return {'book': 7}\n\n\ndef total():\n    return 3\n",
        "tests/test_prices.py": "import json\n\nfrom shop.prices import prices, total\n\n\n"
        "def test_book():\n    found = prices()\n    json.dumps(found, sorted=True)\n\n\n"
        "def test_lamp():\n    found = prices()\n    json.loads('{}', by=found)\n\n\n"
        "def test_total():\n    assert total() == 3\n",
    }

    found = investigated(tmp_path, app, records=True)[0]

    assert {places(cause)[0] for cause in found} == {"tests/test_prices.py:8", "tests/test_prices.py:13"}
