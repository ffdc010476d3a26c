"""An attribute that a mapped class does not have under that name."""

from __future__ import annotations

import pytest

from kit.facts.inventory import InventoryFacts, MappedClass
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with, own

ORDER = MappedClass("Order", "shop.orders", "Order", "shop/orders.py", 5, "Base", "orders", columns=("id", "total"))
SAID = {
    "'Order' object has no attribute 'totl'": ('Order has no attribute "totl"', 'Order has a "total"'),
    "type object 'Order' has no attribute 'totl'": ('Order has no attribute "totl"', 'Order has a "total"'),
    "'totl' is an invalid keyword argument for Order": ('Order has no attribute "totl"', 'Order has a "total"'),
    "NOT NULL constraint failed: orders.total": (
        "orders.total is required and gets no value",
        "orders is defined here",
    ),
}


@pytest.mark.parametrize("message", SAID)
def test_class_and_attribute_are_read_in_each_wording(message: str) -> None:
    title, evidence = SAID[message]
    failure = failure_with(message, "AttributeError", frames=(own("shop/api.py", 8, "show", "order.totl"),))
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])
    (cause,) = causes_of(facts, InventoryFacts(files=2, mapped_classes=(ORDER,)))
    assert (cause.kind, cause.title) == ("missing-attribute", title)
    assert evidence in [item.text for item in cause.evidence]
    assert {"shop/api.py:8", "shop/orders.py:5"} <= {str(place) for place in cause.locations}


def test_an_attribute_of_a_class_that_is_not_mapped_is_not_its_business() -> None:
    failure = failure_with("'Basket' object has no attribute 'totl'", "AttributeError")
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])
    (cause,) = causes_of(facts, InventoryFacts(files=2, mapped_classes=(ORDER,)))
    assert cause.kind == "failure-group"
