"""A keyword that a function does not take becomes the parameter that is like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.causes import Cause
from kit.facts.places import Location
from tests.fixes.apps import options_for, patched

KIND = "renamed-argument"
DEFINED = "def total(amount, currency='EUR'):\n    return amount\n"


def refused(*places: tuple[str, int], keyword: str = "curency", function: str = "total") -> Cause:
    title = f"{function}() is not called as it is defined: {function}() got an unexpected keyword argument '{keyword}'"
    called = tuple(Location(path, line, "raised") for path, line in places or (("shop/bills.py", 4),))
    definition = Location("shop/prices.py", 1 if function == "total" else 2, "definition")
    return Cause(f"wrong-call:{function}", "wrong-call", title, "consistent", (definition, *called))


def app(call: str, defined: str = DEFINED) -> dict[str, str | bytes]:
    bill = f"from shop.prices import total\n\n\nBILL = {call}\n"
    return {"shop/__init__.py": "", "shop/prices.py": defined, "shop/bills.py": bill, "tests/test_a.py": bill}


def test_a_keyword_that_no_parameter_is_like_has_no_option(tmp_path: Path) -> None:
    assert KIND not in options_for(tmp_path, app("total(2, rate=1)"), refused(keyword="rate"))


@pytest.mark.parametrize("call", ["total(2, 'USD', curency='USD')", "total(2, currency='USD', curency='USD')"])
def test_a_parameter_that_has_a_value_gets_no_second_one(tmp_path: Path, call: str) -> None:
    assert KIND not in options_for(tmp_path, app(call), refused())


def test_a_call_of_another_function_stays(tmp_path: Path) -> None:
    assert KIND not in options_for(tmp_path, app("other(2, curency='USD')"), refused())


def test_the_call_names_the_parameter(tmp_path: Path) -> None:
    option = options_for(tmp_path, app("(total(2, curency='USD'), 'curency')"), refused())[KIND]

    assert patched(tmp_path, option) == {
        "shop/bills.py": str(app("(total(2, currency='USD'), 'curency')")["shop/bills.py"])
    }
    assert (option.title, option.on_tests) == ("Call total() with currency in place of curency, in the app", False)


def test_calls_in_the_tests_are_an_option_of_their_own(tmp_path: Path) -> None:
    found = options_for(tmp_path, app("total(2, curency='USD')"), refused(("shop/bills.py", 4), ("tests/test_a.py", 4)))

    assert {kind: (one.files, one.on_tests) for kind, one in found.items() if kind.startswith(KIND)} == {
        KIND: (("shop/bills.py",), False),
        f"{KIND}-in-tests": (("tests/test_a.py",), True),
    }


def test_a_class_is_called_by_its_name_and_without_its_instance(tmp_path: Path) -> None:
    defined = "class Bill:\n    def __init__(self, amount, currency='EUR'): ...\n"
    files = app("Bill(2, curency='USD')", defined)

    option = options_for(tmp_path, files, refused(function="Bill.__init__"))[KIND]

    assert "Bill(2, currency='USD')" in patched(tmp_path, option)["shop/bills.py"]


@pytest.mark.parametrize(
    "call",
    ["Receipt(2, {}='USD')", "Receipt.__init__(None, {}='USD')", "super(Receipt).__init__(2, {}='USD')"],
    ids=["a subclass", "through its name", "through super()"],
)
def test_a_class_is_also_called_through_what_inherits_from_it(tmp_path: Path, call: str) -> None:
    defined = (
        "class Bill:\n    def __init__(self, amount, currency='EUR'): ...\n\n\n"
        "class Invoice(Bill): ...\n\n\nclass Receipt(Invoice): ...\n"
    )
    files = app(call.format("curency"), defined)

    option = options_for(tmp_path, files, refused(function="Bill.__init__"))[KIND]

    assert call.format("currency") in patched(tmp_path, option)["shop/bills.py"]
