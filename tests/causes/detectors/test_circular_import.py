"""Modules that import each other while they are imported."""

from __future__ import annotations

import pytest

from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with, in_test, own

PARTIAL = (
    "cannot import name 'Order' from partially initialized module 'shop.orders' (most likely due to a circular import)"
)


def _failure(*modules: str, message: str = PARTIAL) -> object:
    frames = [own(f"shop/{name}.py", 3, "<module>", f"from shop.{name}s import x") for name in modules]
    return failure_with(message, "ImportError", frames=(in_test("tests/test_a.py", 1, "<module>"), *frames))


def test_the_circle_is_one_cause_wherever_it_is_entered() -> None:
    first = _failure("orders", "users", "orders")
    second = _failure("users", "orders", "users", message=PARTIAL.replace("shop.orders", "shop.users"))
    (cause,) = causes_of(suite([], test_a=first, test_b=second))  # type: ignore[arg-type]
    assert cause.title == "shop.orders and shop.users import each other"
    assert {str(place) for place in cause.locations} == {"shop/orders.py:3", "shop/users.py:3"}
    assert "TYPE_CHECKING" in str(cause.next_step)


def test_a_module_that_imports_itself_says_so() -> None:
    (cause,) = causes_of(suite([], test_a=_failure("orders", "orders")))  # type: ignore[arg-type]
    assert cause.title == "shop.orders imports itself"


@pytest.mark.parametrize("message", ["cannot import name 'Order' from 'shop.orders' (shop/orders.py)", "boom"])
def test_a_name_that_is_just_not_there_is_no_circle(message: str) -> None:
    failure = _failure("orders", message=message)
    (cause,) = causes_of(suite([result("tests/test_a.py::test_a", failure)], [failure]))  # type: ignore[arg-type,list-item]
    assert cause.kind != "circular-import"
