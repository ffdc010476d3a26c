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


def test_a_name_that_is_like_none_of_the_columns_leads_to_the_class_itself() -> None:
    failure = failure_with("'Order' object has no attribute 'currency'", "AttributeError")
    (cause,) = causes_of(
        suite([result("tests/test_a.py::test_a", failure)], [failure]), InventoryFacts(files=2, mapped_classes=(ORDER,))
    )

    assert next(item.text for item in cause.evidence) == "Order is defined here"


def test_of_two_classes_of_a_name_the_one_of_the_traceback_is_meant() -> None:
    other = MappedClass("Order", "old.orders", "Order", "old/orders.py", 9, "Base", "old_orders", columns=("total",))
    frames = (own("old/orders.py", 14, "show", "self.totl"),)
    failure = failure_with("'Order' object has no attribute 'totl'", "AttributeError", frames=frames)
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])

    (cause,) = causes_of(facts, InventoryFacts(files=2, mapped_classes=(ORDER, other)))

    assert "old/orders.py:9" in {str(place) for place in cause.locations}
    assert "shop/orders.py:5" not in {str(place) for place in cause.locations}


def test_two_attributes_of_a_class_are_two_causes_and_one_attribute_is_one() -> None:
    said = ("'Order' object has no attribute 'totl'", "'totl' is an invalid keyword argument for Order")
    failures = [failure_with(one, "AttributeError") for one in (*said, "'Order' object has no attribute 'idd'")]
    results = [result(f"tests/test_a.py::test_{number}", one) for number, one in enumerate(failures)]

    causes = causes_of(suite(results, failures), InventoryFacts(files=2, mapped_classes=(ORDER,)))

    assert sorted((cause.title, cause.tests_blocked) for cause in causes) == [
        ('Order has no attribute "idd"', 1),
        ('Order has no attribute "totl"', 2),
    ]


def test_a_module_without_an_attribute_is_not_taken_for_a_class() -> None:
    failure = failure_with("module 'shop.orders' has no attribute 'Order'", "AttributeError")
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])

    assert [cause.kind for cause in causes_of(facts, InventoryFacts(files=2, mapped_classes=(ORDER,)))] != [
        "missing-attribute"
    ]
