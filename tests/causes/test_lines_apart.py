"""A value is wrong and no traceback leads there: the lines that failing tests run, and what these lines read, do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.causes.scene.spectrum import Spectrum
from kit.facts.execution import ExecutedFunction, Execution, FailingTests, TestLines
from kit.facts.places import Location
from kit.failures import group_failures
from kit.inventory import Declarations, Inventory
from kit.suite import RunOptions, run_suite
from kit.target import find_target
from tests.causes.apps import told_of
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, in_test
from tests.helpers import write_project

PLACE = Location("shop/cart.py", 1)
STATEMENTS = [range(2, 3), range(3, 4), range(4, 7), range(7, 8)]

APP = {
    "pytest.ini": "[pytest]\npythonpath = .\n",
    "shop/__init__.py": "",
    "shop/config.py": """
        page_size = 4
        currency = "EUR"
        """,
    "shop/rates.py": """
        RATES = {
            "book": 7,
            "lamp": 19,
            "food": 5,
        }

        def rate(kind):
            found = RATES.get(kind)
            if found is None:
                return 0
            return found
        """,
    "shop/texts.py": """
        def initials(name):
            parts = name.split()
            if not parts:
                return "?"
            if len(parts) == 1:
                return parts[0][:2].upper()
            first, last = parts[0], parts[-1]
            return first[0].upper() + last[0].upper()

        def phone(text):
            digits = text.replace(" ", "")
            if digits.startswith("00"):
                digits = "+" + digits[2:]
            elif digits.startswith("0"):
                digits = "+49" + digits[1:]
            if len(digits) > 20:
                return digits[:20]
            return digits
        """,
    "shop/pages.py": """
        from shop import config

        def pages(items):
            found = []
            for at in range(0, len(items), config.page_size):
                found.append(items[at : at + config.page_size])
            return found

        def count(items):
            return len(items)
        """,
    "shop/orders.py": """
        class Book:
            def __init__(self):
                self.kept, self.open = [], []

            def add(self, order):
                self.open.append(order)

            def commit(self):
                self.kept += self.open
                self.open = []

            def rollback(self):
                self.open = []

        def place(book, order):
            book.add(order)
            if order.startswith("draft"):
                return False
            book.commit()
            return True

        def swap(book, old, new):
            book.kept.remove(old)
            book.add(new)
            book.commit()
        """,
    "tests/test_shop.py": """
        import pytest
        from shop import orders, pages, rates, texts

        @pytest.mark.parametrize(("kind", "percent"), [("book", 7), ("lamp", 19), ("food", 5), ("wood", 0)])
        def test_rate(kind, percent): assert rates.rate(kind) == percent

        @pytest.mark.parametrize(("name", "short"), [("", "?"), ("ada", "AD"), ("Ada King Lee", "AL"), ("a b", "AB")])
        def test_initials(name, short): assert texts.initials(name) == short

        @pytest.mark.parametrize(
            ("text", "number"), [("030 12", "+493012"), ("0044 20", "+4420"), ("+49 30", "+4930"), ("7" * 30, "7" * 20)]
        )
        def test_phone(text, number): assert texts.phone(text) == number

        def test_pages(): assert [len(page) for page in pages.pages("abcdef")] == [4, 2]
        def test_one_page(): assert pages.pages("ab") == ["ab"]
        def test_count(): assert pages.count("abc") == 3

        def test_place():
            book = orders.Book()
            assert orders.place(book, "lamp")
            assert book.kept == ["lamp"]

        def test_draft(): assert not orders.place(orders.Book(), "draft lamp")

        def test_swap():
            book = orders.Book()
            orders.place(book, "lamp")
            orders.swap(book, "lamp", "book")
            assert book.kept == ["book"]
        """,
}

WRONG = {
    "an entry of a table": ("shop/rates.py", '"lamp": 19', '"lamp": 18', 3),
    "the key of an entry": ("shop/rates.py", '"food": 5', '"foot": 5', 4),
    "a line of a rare branch": ("shop/texts.py", '"+49" + digits[1:]', '"+49" + digits', 15),
    "a return of a rare branch": ("shop/texts.py", "parts[0][:2].upper()", "parts[0][:1].upper()", 6),
    "what only a long value meets": ("shop/texts.py", "return digits[:20]", "return digits[:19]", 17),
    "a setting of another module": ("shop/config.py", "page_size = 4", "page_size = 5", 1),
    "a rollback in place of a commit": (
        "shop/orders.py",
        "add(new)\n            book.commit",
        "add(new)\n            book.rollback",
        25,
    ),
}


def watched(*tests: tuple[str, tuple[int, ...]]) -> Spectrum:
    return Spectrum(Execution(lines=tuple(TestLines(failure, {"shop/cart.py": lines}) for failure, lines in tests)))


def test_a_statement_that_failing_tests_alone_run_comes_closest() -> None:
    spectrum = watched(("f", (2, 3, 5)), ("", (2, 3, 7)), ("", (2, 3, 7)))

    found = spectrum.lines_apart(["f"], PLACE, STATEMENTS)

    assert found[4] == 1.0
    assert found[7] == 0.0
    assert found[2] == found[3] == pytest.approx(1 / 3**0.5)


def test_a_test_that_does_not_come_to_the_function_says_nothing_of_its_lines() -> None:
    spectrum = watched(("f", (2, 3)), ("", (40, 41)))

    assert spectrum.lines_apart(["f"], PLACE, STATEMENTS)[2] == 1.0


def test_what_was_not_watched_has_no_closeness() -> None:
    assert watched(("other", (2, 3)), ("", (2,))).lines_apart(["f"], PLACE, STATEMENTS) == {}
    assert watched().lines_alone(["f"]) == ()


def test_one_passing_test_is_too_few_to_tell_a_line_apart() -> None:
    assert watched(("f", (2, 9)), ("", (2,))).lines_alone(["f"]) == ()
    assert watched(("f", (2, 9)), ("", (2,)), ("", (2,))).lines_alone(["f"]) == (
        Location("shop/cart.py", 9, "executed"),
    )


def test_without_the_source_the_line_of_a_function_that_failing_tests_alone_run_is_told() -> None:
    functions = (ExecutedFunction("shop/cart.py", 1, "total", 2), ExecutedFunction("shop/cart.py", 8, "other", 2))
    lines = [("f", (2, 5, 9)), ("", (2, 7)), ("", (2, 7))]
    spectrum = Spectrum(
        Execution(functions, lines=tuple(TestLines(failure, {"shop/cart.py": own}) for failure, own in lines))
    )

    assert [place.line for place in spectrum.lines_alone_in(["f"], PLACE)] == [5]
    assert spectrum.lines_alone_in(["f"], Location("shop/cart.py", 8)) == ()  # no passing test runs it


NESTED = """def nested(kind, depth):
    if kind.depth == 1:
        return kind
    depth = kind.depth
    for _ in range(depth - 2):
        kind = [kind]

    return wrap(kind)
"""


@pytest.mark.parametrize(("ran", "is_first"), [((2, 4, 5, 8), True), ((2, 4, 5, 6, 8), False)])
def test_a_loop_that_failing_tests_do_not_enter_comes_first(
    tmp_path: Path, ran: tuple[int, ...], is_first: bool
) -> None:
    failure = failure_with("assert 1 == 2", "AssertionError", frames=(in_test("tests/test_a.py", 3, "test_deep"),))
    passing = [TestLines("", {"shop/cart.py": (2, 3)}), TestLines("", {"shop/cart.py": (2, 3)})]
    execution = Execution(
        (ExecutedFunction("shop/cart.py", 1, "nested", 2),),
        passing=20,
        failing={failure.id: FailingTests(1, ((0, 1),))},
        lines=(TestLines(failure.id, {"shop/cart.py": ran}), *passing),
    )
    facts = replace(suite([result("tests/test_a.py::test_deep", failure)], [failure]), execution=execution)

    (cause,) = told_of(tmp_path, {"shop/cart.py": NESTED}, facts)

    assert (str(cause.locations[0]) == "shop/cart.py:5") is is_first


@pytest.mark.slow
@pytest.mark.parametrize("what", WRONG)
def test_the_wrong_line_is_among_the_first_three_places(tmp_path: Path, what: str) -> None:
    path, old, new, line = WRONG[what]
    text = APP[path]
    assert text.count(old) == 1
    target = find_target(write_project(tmp_path / "app", APP | {path: text.replace(old, new)}))
    ran = run_suite(target, events=tmp_path / "events.jsonl", options=RunOptions(workers=1, recheck_s=10, records=True))
    found = Inventory.of(target, runtime=False)

    causes = find_causes(found.facts, ran, group_failures(ran), source=lambda: Declarations.of(target))

    assert len(causes) == 1
    assert f"{path}:{line}" in [str(place) for place in causes[0].locations[:3]]
