"""A value is wrong and no traceback leads to where it is made: what tests were seen to execute does."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.failures import group_failures
from kit.inventory import Declarations, Inventory
from kit.suite import RunOptions, run_suite
from kit.target import find_target
from tests.helpers import write_project

pytestmark = pytest.mark.slow

APP = {
    "pytest.ini": "[pytest]\npythonpath = .\n",
    "shop/__init__.py": "",
    "shop/rates.py": """
        LIMIT = 50

        def rate(kind):
            return {"book": 7, "lamp": 19}[kind]

        def is_large(amount):
            return amount >= LIMIT

        def reduced(amount):
            return amount - amount // 10
        """,
    "shop/guard.py": """
        from shop.rates import LIMIT

        def check(user):
            if user is None:
                return 401
            if not user.startswith("member"):
                return 401
            return 200
        """,
    "shop/cart.py": """
        from shop.guard import check
        from shop.rates import is_large, rate, reduced

        def gross(kind, amount):
            return amount + amount * rate(kind) // 100

        def total(kind, amount):
            found = gross(kind, amount)
            return reduced(found) if is_large(found) else found

        def checkout(user, kind, amount):
            status = check(user)
            return status, total(kind, amount) if status == 200 else None

        def listed(user):
            return check(user), ["book", "lamp"]
        """,
    "tests/test_cart.py": """
        import pytest
        from shop import cart

        @pytest.mark.parametrize(("kind", "amount", "price"), [("book", 10, 10), ("lamp", 20, 23), ("book", 40, 42)])
        def test_small(kind, amount, price): assert cart.total(kind, amount) == price

        def test_large(): assert cart.total("lamp", 100) == 108
        def test_at_the_limit(): assert cart.total("lamp", 42) == 49
        def test_gross(): assert cart.gross("lamp", 100) == 119
        def test_checkout(): assert cart.checkout("member 1", "book", 100) == (200, 97)
        def test_list(): assert cart.listed("member 1") == (200, ["book", "lamp"])
        def test_nobody(): assert cart.listed(None) == (401, ["book", "lamp"])
        def test_stranger(): assert cart.checkout("x", "book", 1) == (401, None)
        def test_strangers_list(): assert cart.listed("x")[0] == 401
        """,
}


def causes(folder: Path, path: str, old: str, new: str) -> tuple[Cause, ...]:
    """What kit makes of the app with one line changed."""
    text = APP[path]
    assert text.count(old) == 1
    write_project(folder / "app", APP | {path: text.replace(old, new)})
    target = find_target(folder / "app")
    options = RunOptions(workers=1, recheck_s=0, records=True)
    suite = run_suite(target, events=folder / "events.jsonl", options=options)
    found = Inventory.of(target)
    loads = found.imported_by_tests()
    return find_causes(
        found.facts, suite, group_failures(suite), loads=lambda: loads, source=lambda: Declarations.of(target)
    )


def test_without_the_source_the_function_itself_is_named(tmp_path: Path) -> None:
    rates = APP["shop/rates.py"].replace("amount // 10", "amount // 5")
    write_project(tmp_path / "app", APP | {"shop/rates.py": rates})
    options = RunOptions(workers=1, recheck_s=0, records=True)
    suite = run_suite(find_target(tmp_path / "app"), events=tmp_path / "events.jsonl", options=options)

    found = find_causes(None, suite, group_failures(suite))

    assert {str(cause.locations[0]) for cause in found} == {"shop/rates.py:9"}


def first_places(found: tuple[Cause, ...]) -> list[str]:
    return [str(place) for place in found[0].locations[:3]]


def test_a_wrong_branch_far_below_the_assertion_is_named(tmp_path: Path) -> None:
    found = causes(tmp_path, "shop/rates.py", "amount // 10", "amount // 5")

    assert "shop/rates.py:10" in first_places(found)
    assert "All 2 failing tests execute reduced; 0 of 9 passing ones do" in [item.text for item in found[0].evidence]


def test_several_assertions_on_what_one_guard_refuses_are_one_cause(tmp_path: Path) -> None:
    found = causes(tmp_path, "shop/guard.py", 'if not user.startswith("member")', 'if user.startswith("member")')

    assert any(place.startswith("shop/guard.py:") for place in first_places(found))
    assert found[0].tests_blocked >= 2


@pytest.mark.parametrize(
    "line", ['raise RuntimeError("the broker is not set up")', "assert broker.is_open"], ids=["its own error", "a name"]
)
def test_an_error_that_a_test_raises_by_itself_is_named_where_it_is_raised(tmp_path: Path, line: str) -> None:
    inside = " " * 12
    found = causes(tmp_path, "tests/test_cart.py", "def test_gross(): ", f"def test_gross():\n{inside}{line}\n{inside}")

    (places,) = [cause.locations for cause in found]
    assert str(places[0]) == "tests/test_cart.py:10"


def test_the_condition_that_chose_the_value_stands_behind_the_line_that_stumbles_over_it(tmp_path: Path) -> None:
    inside = " " * 12
    wrong = (
        f"{inside}if is_large(amount):\n{inside}    found = str(found)\n{inside}else:\n{inside}    found = abs(found)\n"
    )
    new = f"found = gross(kind, amount)\n{wrong}{inside}return found.numerator"

    first = causes(tmp_path, "shop/cart.py", "found = gross(kind, amount)", new)[0]

    assert [str(place) for place in first.locations[:2]] == ["shop/cart.py:13", "shop/cart.py:9"]
