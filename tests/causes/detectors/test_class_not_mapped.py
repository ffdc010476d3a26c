"""A class that nothing has mapped is one cause, with its class statement or the call that would map it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.causes.apps import places, told_of
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, own

FILES = {
    "shop/model.py": "class Order:\n    def __init__(self, sku):\n        self.sku = sku\n\n\nclass Line: ...\n",
    "shop/orm.py": """
        from sqlalchemy import Table
        from sqlalchemy.orm import registry

        from shop import model

        mapping = registry()
        orders = Table("orders", mapping.metadata)

        def start_mappers():
            mapping.map_imperatively(model.Order, orders)
        """,
}
QUERIED = (
    "Column expression, FROM clause, or other columns clause element expected, got <class 'shop.model.Order'>.",
    "sqlalchemy.exc.ArgumentError",
)
ADDED = ("Class 'shop.model.Order' is not mapped", "sqlalchemy.orm.exc.UnmappedInstanceError")


def _causes(folder: Path, *raised: tuple[str, str]) -> list[tuple[str, str, list[str], str, int]]:
    failures = [
        failure_with(message, exception, frames=(own("shop/desk.py", 10 + number, "keep"),))
        for number, (message, exception) in enumerate(raised)
    ]
    results = [result(f"tests/test_a.py::test_{number}", one) for number, one in enumerate(failures)]
    return [
        (cause.kind, cause.title, places(cause)[:2], cause.next_step.text, cause.tests_blocked)
        for cause in told_of(folder, FILES, suite(results, failures))
    ]


def test_a_query_and_a_session_that_meet_it_are_one_cause_at_the_call_that_has_not_run(tmp_path: Path) -> None:
    ((kind, title, found, step, blocked),) = _causes(tmp_path, ADDED, QUERIED)

    assert (kind, blocked) == ("class-not-mapped", 2)
    assert title == "Order is not mapped where tests use it: the call that maps it has not run"
    assert found == ["shop/orm.py:10", "shop/model.py:1"]
    assert step.startswith("Let shop/orm.py:10 run before the first use of Order")


def test_a_class_that_nothing_maps_is_named_itself(tmp_path: Path) -> None:
    message, exception = ADDED
    ((kind, title, found, step, _),) = _causes(tmp_path, (message.replace("Order", "Line"), exception))

    assert (kind, title) == ("class-not-mapped", "Line is not mapped where tests use it")
    assert found[0] == "shop/model.py:6"
    assert step.startswith("Map that class")


@pytest.mark.parametrize(
    "message",
    [
        "Class 'builtins.str' is not mapped",
        "Class 'builtins.type' is not mapped; was a class (shop.model.Order) supplied where an instance was required?",
        "Class 'shop.other.Order' is not mapped",
    ],
)
def test_a_class_from_elsewhere_is_not_taken_for_one_of_the_target(tmp_path: Path, message: str) -> None:
    ((kind, *_),) = _causes(tmp_path, (message, ADDED[1]))

    assert kind != "class-not-mapped"
