"""What tests only compare leads to the definition that computes it, and to the line that writes it down."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.facts.causes import Cause
from kit.facts.execution import ExecutedFunction, Execution, FailingTests
from tests.causes.apps import blocking, investigated, names_of, places
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with

pytestmark = pytest.mark.slow

APP = {
    "shop/pages.py": """
        class Page:
            def __init__(self, number):
                self.number = number

            @property
            def first(self):
                if self.number == 0:
                    return 0
                return (self.number - 1) * 10 + 8

            @property
            def last(self):
                return self.number * 10

        class Refused(Exception):
            pass

        def status(order):
            if order is None:
                return 404
            if order not in ("gold", "silver"):
                return 418
            return 200

        def pay(order):
            if order == "paper":
                raise Refused("no paper")
            try:
                if len(order) > 3:
                    return "paid"
            finally:
                order = None
            raise Refused("too short")

        DAYS = 37

        def days():
            return DAYS

        def whole(year):
            return weeks(year)

        def weeks(year):
            return 53

        class Settings:
            timeout = 91

        def is_open(hour):
            if hour < 8:
                return False
            return hour < 20
        """,
    "tests/test_pages.py": """
        from shop.pages import Page, Settings, days, is_open, pay, status, whole

        class OwnPage(Page):
            pass

        def test_first():
            page = OwnPage(1)
            assert page.first == 1

        def test_of_the_next():
            page = OwnPage(2)
            assert page.first == 11

        def test_of_none():
            page = OwnPage(0)
            assert page.first == 0

        def test_last():
            page = OwnPage(2)
            assert page.last == 19

        def test_last_of_all():
            assert [OwnPage(n).last for n in (1, 2)] == [10, 20]

        def test_last_again():
            assert OwnPage(3).last == 30

        def test_last_of_two():
            assert OwnPage(2).last == 18

        def test_last_of_four():
            assert OwnPage(4).last == 40

        def test_last_of_five():
            assert OwnPage(5).last == 50

        def test_status():
            assert status("copper") == 200

        def test_pay():
            assert pay("tin") == "paid"

        def test_days():
            assert days() == 30

        def test_weeks():
            assert whole(2026) == 52

        def test_timeout():
            assert Settings().timeout == 90

        def test_open():
            assert is_open(7)
        """,
}


@pytest.fixture(scope="module")
def causes(tmp_path_factory: pytest.TempPathFactory) -> list[Cause]:
    found, _ = investigated(tmp_path_factory.mktemp("app"), APP)
    return list(found)


def test_assertions_on_what_one_property_computes_are_one_cause(causes: list[Cause]) -> None:
    cause = blocking(causes, "test_first")

    assert cause.id == "exercised-code:shop/pages.py:6"
    assert names_of(cause) == {"test_first", "test_of_the_next"}


def test_the_line_that_writes_the_found_value_down_stands_first_then_the_condition_before_it(
    causes: list[Cause],
) -> None:
    assert places(blocking(causes, "test_first"))[:3] == ["shop/pages.py:9", "shop/pages.py:7", "shop/pages.py:6"]


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("test_days", ["tests/test_pages.py:44", "shop/pages.py:35", "shop/pages.py:37"]),
        ("test_weeks", ["tests/test_pages.py:47", "shop/pages.py:44", "shop/pages.py:40"]),
        ("test_timeout", ["tests/test_pages.py:50", "shop/pages.py:47", "shop/pages.py:46"]),
        ("test_open", ["tests/test_pages.py:53", "shop/pages.py:51", "shop/pages.py:50", "shop/pages.py:49"]),
    ],
    ids=["a constant that it names", "what it calls", "a default of a class", "what it returns"],
)
def test_the_found_value_is_looked_for_in(causes: list[Cause], test: str, expected: list[str]) -> None:
    assert places(blocking(causes, test)) == expected


def test_a_property_that_as_many_passing_tests_read_joins_nothing_and_is_a_place_to_look_at(
    causes: list[Cause],
) -> None:
    one, other = blocking(causes, "test_last"), blocking(causes, "test_last_of_two")

    assert (names_of(one), names_of(other)) == ({"test_last"}, {"test_last_of_two"})
    assert places(one) == ["tests/test_pages.py:20", "shop/pages.py:13", "shop/pages.py:12", "shop/pages.py:1"]


def test_in_a_function_that_a_test_calls_the_line_of_the_found_value_is_told(causes: list[Cause]) -> None:
    assert places(blocking(causes, "test_status")) == [
        "tests/test_pages.py:38",
        "shop/pages.py:22",
        "shop/pages.py:21",
        "shop/pages.py:18",
    ]


def test_before_a_line_that_raises_on_purpose_stands_the_condition_that_led_there(causes: list[Cause]) -> None:
    assert places(blocking(causes, "test_pay")) == ["shop/pages.py:26", "shop/pages.py:33"]


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        ((("list index out of range", "IndexError"), ("not enough values to unpack", "ValueError")), "2 ways"),
        ((("assert 1 == 2", "AssertionError"), ("assert 'a' in []", "AssertionError")), "2 assertions"),
    ],
    ids=["errors", "assertions"],
)
def test_failures_are_called_assertions_only_where_all_are(raised: tuple[tuple[str, str], ...], said: str) -> None:
    failures = [failure_with(message, exception) for message, exception in raised]
    results = [result(f"tests/test_{number}.py::test_it", one) for number, one in enumerate(failures)]
    fine = result("tests/test_fine.py::test_it")
    function = ExecutedFunction("shop/lines.py", 1, "fields", 0)
    execution = Execution((function,), 1, {one.id: FailingTests(1, ((0, 1),)) for one in failures})

    (cause,) = causes_of(replace(suite([*results, fine], failures), execution=execution))

    assert cause.title == f"2 tests fail in {said} after they execute fields (shop/lines.py:1)"
