"""One table that two classes define."""

from __future__ import annotations

from dataclasses import replace

from tests.causes.scenes import causes_of, finding, inventory, result, suite
from tests.failures.live import failure_with, own

DEFINED = failure_with(
    "Table 'orders' is already defined for this MetaData instance.",
    "sqlalchemy.exc.InvalidRequestError",
    frames=(own("shop/paper.py", 4, "<module>", "class PaperOrder(Base):"),),
)
FOUND = replace(
    finding("table-mapped-twice", "orders", "shop/orders.py:5", "shop/paper.py:4"), details={"table": "orders"}
)
FACTS = suite([result("tests/test_a.py::test_a", DEFINED)], [DEFINED])


def test_the_finding_gives_both_places() -> None:
    (cause,) = causes_of(FACTS, inventory(findings=[FOUND]))
    assert (cause.kind, cause.tests_blocked) == ("table-mapped-twice", 1)
    assert [str(place) for place in cause.locations] == ["shop/orders.py:5", "shop/paper.py:4"]


def test_without_it_the_place_is_where_it_was_refused_and_no_scan_is_offered() -> None:
    (cause,) = causes_of(FACTS)
    assert cause.title == 'Table "orders" is defined twice'
    assert [str(place) for place in cause.locations] == ["shop/paper.py:4"]
    assert "kit scan" not in str(cause.next_step)


def test_another_table_is_another_cause() -> None:
    other = replace(FOUND, id="table-mapped-twice:users", details={"table": "users"})
    assert len(causes_of(FACTS, inventory(findings=[other]))) == 2
