"""A function that gives None is one cause, whether tests compare what it gives or other code breaks off at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.causes.apps import investigated, names_of

PRICES = """
    PRICES = {"apple": 3, "pear": 4}

    def price_of(name):
        if name in PRICES:
            price = PRICES[name]
        else:
            return None

    def total(names):
        return sum(price_of(name) for name in names)

    def label(name):
        return name.title()

    def of_nothing():
        return None + 1
"""
TESTS = """
    from shop.prices import label, of_nothing, price_of, total

    def test_apple(): assert price_of("apple") == 3
    def test_pear(): assert price_of("pear") > -1 and price_of("pear") == 4
    def test_three(): assert price_of("apple") is not None
    def test_total(): assert total(["apple", "pear"]) == 7
    def test_label(): assert label("fig") == "Fig"
    def test_of_nothing(): assert of_nothing() == 1
"""


@pytest.mark.slow
def test_what_breaks_off_at_none_belongs_to_the_function_that_gives_it(tmp_path: Path) -> None:
    causes, _ = investigated(tmp_path, {"shop/prices.py": PRICES, "tests/test_prices.py": TESTS}, records=True)

    (first,) = [cause for cause in causes if "test_apple" in names_of(cause)]
    assert "test_total" in names_of(first)
    said = [item.text for item in first.evidence if item.text.endswith("calls it, and meets None")]
    assert said == ["shop/prices.py:10 calls it, and meets None"]
    assert any(names_of(cause) == {"test_of_nothing"} for cause in causes)
