"""One file that is imported under two names."""

from __future__ import annotations

from dataclasses import replace

from kit.facts.inventory import InventoryFacts, MappedClass
from tests.causes.scenes import causes_of, finding, result, suite
from tests.failures.live import failure_with, in_test, own

ORDER = MappedClass("Order", "shop.orders", "Order", "shop/orders.py", 5, "shop.db.Base", "orders")
DEFINED = failure_with(
    "Table 'orders' is already defined for this MetaData instance.",
    "sqlalchemy.exc.InvalidRequestError",
    frames=(
        in_test("tests/test_b.py", 1, "<module>", "from orders import Order"),
        own("shop/orders.py", 5, "<module>"),
    ),
)
FOUND = replace(finding("double-import", ".|shop", "tests/conftest.py:4"), details={"files": ["shop/orders.py"]})


def test_the_finding_that_has_the_file_takes_the_failures() -> None:
    inventory = InventoryFacts(files=3, mapped_classes=(ORDER,), findings=(FOUND,))
    (cause,) = causes_of(suite([], test_b=DEFINED), inventory)
    assert (cause.kind, cause.id, cause.uncollectable) == ("double-import", FOUND.id, ("tests/test_b.py",))


def test_a_file_that_ran_twice_is_told_where_source_has_one_class_for_the_table() -> None:
    facts = replace(suite([], test_b=DEFINED), loaded_modules={"shop.orders": "shop/orders.py"})
    (cause,) = causes_of(facts, InventoryFacts(files=3, mapped_classes=(ORDER,)))
    assert cause.title == "shop/orders.py is imported under a second name, beside shop.orders"
    assert str(cause.locations[0]) == "tests/test_b.py:1"


def test_two_classes_for_the_table_are_not_one_file_twice() -> None:
    other = replace(ORDER, module="shop.paper", path="shop/paper.py")
    facts = replace(suite([], test_b=DEFINED), loaded_modules={"shop.orders": "shop/orders.py"})
    causes = causes_of(facts, InventoryFacts(files=3, mapped_classes=(ORDER, other)))
    assert {cause.kind for cause in causes} == {"table-mapped-twice"}


def test_another_message_is_not_taken_for_it() -> None:
    failure = failure_with("no such table: orders", "sqlite3.OperationalError")
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])
    causes = causes_of(facts, InventoryFacts(files=3, mapped_classes=(ORDER,)))
    assert {cause.kind for cause in causes} == {"failure-group"}
