"""A name of the application that some test replaces and does not bring back."""

from __future__ import annotations

import pytest

from kit.facts.causes import Cause
from tests.causes.apps import blocking, investigated, names_of, places, told

pytestmark = pytest.mark.slow

APP = {
    "shop/prices.py": """
        def rate():
            return 2

        def table():
            return {"gold": 3}

        def price(amount):
            return amount * rate()

        def listed(metal):
            return table().get(metal)

        def cheapest(prices):
            return prices()

        def clerk():
            return "Eve"

        def label(metal):
            return clerk(), metal.name
        """,
    "tests/test_prices.py": """
        import shop.prices
        from shop import prices as closed
        from shop.prices import cheapest, label, listed, price

        def test_closing():
            closed.rate = None
            setattr(shop.prices, "table", lambda: None)

        def test_patched(monkeypatch):
            monkeypatch.setattr(closed, "cheapest", None)

        def test_price():
            assert price(2) == 4

        def test_large_price():
            assert price(20) == 40

        def test_listed():
            assert listed("gold") == 3

        def test_cheapest():
            assert cheapest(None) == 3

        def test_label():
            closed.clerk = str
            assert label(None)
        """,
}


@pytest.fixture(scope="module")
def causes(tmp_path_factory: pytest.TempPathFactory) -> list[Cause]:
    found, _ = investigated(tmp_path_factory.mktemp("app"), APP)
    return list(found)


def test_the_line_that_replaces_what_failing_code_calls_is_named_first(causes: list[Cause]) -> None:
    cause = blocking(causes, "test_price")

    assert cause.id == "overwritten-name:shop/prices.py:rate"
    assert names_of(cause) == {"test_price", "test_large_price"}
    assert places(cause) == ["tests/test_prices.py:6", "shop/prices.py:8"]
    assert "Run alone, 2 tests passed" in told(cause)


def test_setattr_replaces_too(causes: list[Cause]) -> None:
    assert places(blocking(causes, "test_listed"))[0] == "tests/test_prices.py:7"


def test_another_name_of_the_line_is_not_to_blame(causes: list[Cause]) -> None:
    assert blocking(causes, "test_label").kind == "failure-group"


def test_what_monkeypatch_sets_and_what_no_code_replaces_is_no_such_cause(causes: list[Cause]) -> None:
    cause = blocking(causes, "test_cheapest")

    assert cause.kind == "failure-group"
    assert places(cause) == ["shop/prices.py:14"]
