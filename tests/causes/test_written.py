"""An error that a library raises with a text of the target is named with the line that wrote it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from kit.inventory import Declarations, Messages
from kit.target import find_target
from tests.causes.apps import investigated, places
from tests.helpers import write_project
from tests.reading_here import reading_here as reading_here

ORDERS = """
    from pydantic import BaseModel, field_validator


    class Order(BaseModel):
        amount: int
        unit: str = "kg"

        @field_validator("amount")
        @classmethod
        def checked(cls, value):
            limit = 10
            if value < limit:
                raise ValueError(f"An amount below {limit} is not sent")
            return value

        @field_validator("unit")
        @classmethod
        def known(cls, value):
            if value not in ("kg", "lb"):
                raise ValueError("There is no such unit of weight")
            return value
    """
TESTS = """
    from shop.orders import Order


    def test_a_small_order():
        assert Order(amount=5).amount == 5


    def test_a_large_order():
        assert Order(amount=50).amount == 50


    def test_another_unit():
        assert Order(amount=50, unit="lb").unit == "lb"
    """
ERRORS = """
    class Related:
        messages = {"unknown": "Nothing is known of {name!r}, sorry", "worn": "It is worn out"}

        def find(self, name):
            if name not in self.names:
                raise self.make_error("unknown", name=name)
            return self.names[name]


    TOO_LATE = "It is too late for %s today"


    def refuse(order, when):
        if when > order.end:
            fail(TOO_LATE % order)
    """


def messages(folder: Path, *names: str) -> Messages:
    write_project(folder / "app", dict.fromkeys(names, ERRORS))
    return Declarations.of(find_target(folder / "app")).messages


@pytest.mark.slow
@pytest.mark.parametrize("records", [False, True])
def test_a_refusal_of_a_model_is_named_by_its_condition(tmp_path: Path, records: bool) -> None:
    pytest.importorskip("pydantic")
    files = {"shop/orders.py": ORDERS, "tests/test_orders.py": TESTS}

    (cause,), _ = investigated(tmp_path, files, records=records)

    assert places(cause)[:2] == ["shop/orders.py:12", "shop/orders.py:13"]


@pytest.mark.parametrize(
    ("message", "lines"),
    [
        ("{'x': [\"Nothing is known of 'tea', sorry\"]}", [5, 6]),
        ("It is too late for tea today", [14, 15]),
        ("It is worn out", [2]),
        ("Nothing is known of it", []),
        ("late for", []),
    ],
    ids=["by its key", "by its name", "never used", "half of it", "no text"],
)
def test_a_text_leads_to_the_lines_that_use_it(tmp_path: Path, message: str, lines: list[int]) -> None:
    assert [place.line for place in messages(tmp_path, "errors.py").written(message, ["errors.py"])] == lines


def test_a_text_that_two_files_write_leads_nowhere(tmp_path: Path) -> None:
    assert messages(tmp_path, "errors.py", "copy.py").written("It is worn out", ["errors.py", "copy.py"]) == ()


def test_a_large_source_is_parsed_once_for_many_messages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kit.inventory.declarations.trees._MOST_KEPT", 1)
    write_project(tmp_path / "app", {"errors.py": ERRORS, "other.py": "SOLD_OUT = 'There is nothing left to sell'\n"})
    parsed: list[str] = []

    def counting(path: str, text: str) -> ast.Module:
        parsed.append(path)
        return ast.parse(text)

    messages = Declarations.of(find_target(tmp_path / "app"), counting).messages
    for message in ("Nothing says this", "Nor this", "No file holds it"):
        messages.written(message, ["errors.py", "other.py"])

    assert parsed == ["errors.py", "other.py"]
