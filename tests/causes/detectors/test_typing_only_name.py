"""A name that is imported for type checkers alone, and needed at run time, leads to that import."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.causes import Cause
from tests.causes.apps import investigated, names_of, places, told_of
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, in_test, own

MODELS = "class Price:\n    def __init__(self, cents): self.cents = cents\n"
GUARDED = """from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from shop.models import Price


"""
TESTS = "from shop.orders import total\n\ndef test_a(): assert total\n"


def _first(folder: Path, orders: str, message: str = "name 'Price' is not defined", at: int = 6) -> Cause:
    """The first cause of a test that fails with this message at a line of the orders, or within a library for 0."""
    frames = (own("shop/orders.py", at, "total"),) if at else (in_test("tests/test_o.py", 3, "test_a"),)
    failure = failure_with(message, "NameError", frames=frames)
    files = {"shop/models.py": MODELS, "shop/orders.py": orders, "tests/test_o.py": TESTS}
    return told_of(folder, files, suite([result("tests/test_o.py::test_a", failure)], [failure]))[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    "orders",
    [
        GUARDED,
        GUARDED.replace("from typing import TYPE_CHECKING\nif ", "import typing\nif typing."),
        GUARDED + "def make():\n    from shop.models import Price\n    return Price(1)\n",
        GUARDED.replace("models import Price", "models import Money as Price"),
    ],
)
@pytest.mark.parametrize("at", [6, 0])
def test_the_import_for_type_checkers_is_the_place(tmp_path: Path, orders: str, at: int) -> None:
    cause = _first(tmp_path, orders, at=at)

    assert (cause.kind, places(cause)[0]) == ("typing-only-name", "shop/orders.py:3")
    assert cause.next_step.text.startswith("Import Price outside of `if TYPE_CHECKING` (shop/orders.py:3)")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("orders", "message"),
    [
        (GUARDED, "name 'Prise' is not defined"),
        (GUARDED + "try:\n    from shop.models import Price\nexcept ImportError:\n    pass\n", ""),
        (GUARDED.replace("if TYPE_CHECKING", "if FAST"), ""),
        (GUARDED + "class Price: pass\n", ""),
        (GUARDED + "else:\n    Price = None\n", ""),
        ("from shop.models import Price as Money\n", ""),
    ],
)
def test_a_name_that_is_bound_otherwise_has_another_cause(tmp_path: Path, orders: str, message: str) -> None:
    orders = orders.replace("\n\n\nelse", "\nelse")

    assert _first(tmp_path, orders, message or "name 'Price' is not defined").kind != "typing-only-name"


@pytest.mark.slow
def test_what_reads_annotations_and_what_runs_are_one_cause(tmp_path: Path) -> None:
    orders = f"""from __future__ import annotations
{GUARDED}
class Order:
    price: Price


def is_price(one): return isinstance(one, Price)
"""
    tests = """
from typing import get_type_hints
from shop.orders import Order, is_price

def test_hints(): assert "price" in get_type_hints(Order)
def test_runs(): assert not is_price(3)
def test_passes(): assert Order()
"""
    files = {"shop/models.py": MODELS, "shop/orders.py": orders, "tests/test_o.py": tests}

    causes, _ = investigated(tmp_path, files)

    assert [(one.kind, names_of(one), places(one)[0]) for one in causes] == [
        ("typing-only-name", {"test_hints", "test_runs"}, "shop/orders.py:4")
    ]


def test_pydantic_says_it_in_words_of_its_own(tmp_path: Path) -> None:
    message = "`Order` is not fully defined; you should define `Price`, then call `Order.model_rebuild()`."

    assert _first(tmp_path, GUARDED, message).kind == "typing-only-name"


def test_a_module_that_cannot_be_imported_for_it_is_the_same_cause(tmp_path: Path) -> None:
    failure = failure_with("name 'Price' is not defined", "NameError", frames=(own("shop/orders.py", 6, "<module>"),))
    files = {"shop/models.py": MODELS, "shop/orders.py": GUARDED, "tests/test_o.py": TESTS}

    first, *_ = told_of(tmp_path, files, suite([], test_o=failure))

    assert (first.kind, first.uncollectable) == ("typing-only-name", ("tests/test_o.py",))
