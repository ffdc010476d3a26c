"""One file that is imported under two names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.facts.inventory import InventoryFacts, MappedClass
from tests.causes.apps import PYPROJECT, told_of
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


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("assert False\n +  where False = isinstance(<orders.Order object at 0x7f65>, Order)", "double-import"),
        ("assert <class 'orders.Order'> is <class 'shop.orders.Order'>", "double-import"),
        (
            "Attribute 'a' on class '<class 'shop.orders.Line'>' doesn't handle objects of type <class 'orders.Order'>",
            "double-import",
        ),
        ("assert <shop.orders.Order object at 0x7f65> == <shop.orders.Order object at 0x7f66>", "failure-group"),
        ("assert False\n +  where False = isinstance(<shop.paper.Paper object at 0x7f65>, Order)", "failure-group"),
        ("assert 'shop.orders' == 'orders'", "failure-group"),
    ],
)
@pytest.mark.parametrize("second", ["orders", ""])
def test_an_object_that_is_of_the_other_copy_of_its_class_is_taken_where_both_were_imported(
    message: str, kind: str, second: str
) -> None:
    failure = failure_with(message, "AssertionError", frames=(in_test("tests/test_a.py", 9, "test_a"),))
    loaded = {"shop.orders": "shop/orders.py", "shop.paper": "shop/paper.py"}
    facts = replace(
        suite([result("tests/test_a.py::test_a", failure)], [failure]),
        loaded_modules=loaded | ({second: "shop/orders.py"} if second else {}),
    )
    found = replace(FOUND, severity="smell")

    causes = causes_of(facts, InventoryFacts(files=3, mapped_classes=(ORDER,), findings=(found,)))

    assert causes[0].kind == (kind if second else "failure-group")


TWICE = {
    "pyproject.toml": PYPROJECT.replace('["."]', '[".", "shop"]'),
    "shop/registry.py": """
        HANDLERS = {}
        NAMES = {"paid": 1}

        class Refused(Exception): ...

        def handler(function):
            HANDLERS[function.__name__] = function
            return function

        def find(name):
            return HANDLERS.get(name)
        """,
    "shop/handlers.py": """
        from registry import Refused, handler

        @handler
        def paid(event):
            raise Refused(event)
        """,
    "tests/test_a.py": """
        import pytest
        from shop import handlers
        from shop.registry import HANDLERS, NAMES, Refused, find

        def test_number(): assert len(HANDLERS) == 1
        def test_found(): assert find("paid") is not None
        def test_taken(): HANDLERS["paid"]
        def test_names(): NAMES["sent"]
        def test_raised(): handlers.paid("")
        def test_refused():
            with pytest.raises(Refused):
                handlers.paid("")
        def test_caught():
            try:
                handlers.paid("")
            except Refused:
                pass
        """,
}


@pytest.mark.parametrize(
    ("message", "exception", "line", "is_taken"),
    [
        ("assert 0 == 1\n +  where 0 = len({})", "AssertionError", 5, True),
        ("assert 2 == 1\n +  where 2 = len({'paid': 1, 'sent': 2})", "AssertionError", 5, False),
        ("assert None is not None\n +  where None = find('paid')", "AssertionError", 6, True),
        ("'paid'", "KeyError", 7, True),
        ("'sent'", "KeyError", 8, False),
        ("", "registry.Refused", 9, False),
        ("", "registry.Refused", 12, True),
        ("", "shop.errors.Refused", 12, False),
        ("", "registry.Refused", 15, True),
    ],
)
@pytest.mark.parametrize("second", ["registry", ""])
def test_state_and_exceptions_of_the_other_copy_are_taken_where_both_were_imported(
    tmp_path: Path, message: str, exception: str, line: int, is_taken: bool, second: str
) -> None:
    failure = failure_with(message, exception, frames=(in_test("tests/test_a.py", line, "test_a"),))
    loaded = {"shop.registry": "shop/registry.py"} | ({second: "shop/registry.py"} if second else {})
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])

    causes = told_of(tmp_path, TWICE, replace(facts, loaded_modules=loaded))

    assert (causes[0].kind == "double-import") is (is_taken and bool(second))
