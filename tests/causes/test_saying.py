"""Where a test only compares, the lines that say what it compares come first; where none does, no line is made up."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.causes.apps import investigated, places, told_of
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, in_test, own
from tests.reading_here import reading_here as reading_here

APP = """
    from flask import Flask, abort, g

    def create_app():
        app = Flask(__name__)
        app.before_request(guard)
        app.after_request(no_store)
        app.add_url_rule("/health", "health", health)
        return app

    def guard():
        user = find_user()
        if user is None:
            abort(401)

    def find_user():
        return None

    def no_store(response):
        response.headers["Cache-Control"] = "max-age=60"
        return response

    def health():
        return {}
    """
TESTS = """
    from shop.app import create_app

    def test_header():
        response = create_app().test_client().get("/health")
        assert response.headers["Cache-Control"] == "no-store"

    def test_status():
        response = create_app().test_client().get("/health")
        assert response.status_code == 200

    def test_sum():
        total = 1
        assert total == 2
    """


def _first(folder: Path, message: str, line: int, function: str) -> list[str]:
    failure = failure_with(message, "AssertionError", frames=(in_test("tests/test_app.py", line, function),))
    facts = suite([result(f"tests/test_app.py::{function}", failure)], [failure])
    (cause,) = told_of(folder, {"shop/app.py": APP, "tests/test_app.py": TESTS}, facts)
    return places(cause)[:3]


def test_the_line_that_names_a_header_is_named(tmp_path: Path) -> None:
    assert "shop/app.py:19" in _first(tmp_path, "assert 'max-age=60' == 'no-store'", 5, "test_header")


def test_a_status_leads_to_the_hook_that_answers_with_it_and_to_what_decides_there(tmp_path: Path) -> None:
    found = _first(tmp_path, "assert 401 == 200\n +  where 401 = <Response>.status_code", 9, "test_status")

    assert "shop/app.py:11" in found


def test_a_comparison_of_its_own_names_leads_nowhere(tmp_path: Path) -> None:
    assert _first(tmp_path, "assert 1 == 2", 13, "test_sum") == ["tests/test_app.py:13"]


def test_nothing_that_is_stumbled_over_leads_to_what_returned_it(tmp_path: Path) -> None:
    code = """
        def wanted(name):
            if name == "x":
                return None
            return name

        def show(name):
            found = wanted(name)
            return found.upper()
        """
    frame = own("shop/names.py", 8, "show", "return found.upper()")
    failure = failure_with("'NoneType' object has no attribute 'upper'", "AttributeError", frames=(frame,))
    facts = suite([result("tests/test_app.py::test_show", failure)], [failure])

    (cause,) = told_of(tmp_path, {"shop/names.py": code}, facts)

    assert places(cause)[:3] == ["shop/names.py:8", "shop/names.py:3", "shop/names.py:7"]


def test_refusals_that_one_line_answers_with_are_one_cause_and_other_statuses_are_not_of_it(tmp_path: Path) -> None:
    refused = "assert 401 == 200\n +  where 401 = <Response>.status_code"
    failures = [
        failure_with(refused, "AssertionError", frames=(in_test("tests/test_app.py", 9, "test_status"),)),
        failure_with(refused, "AssertionError", frames=(in_test("tests/test_app.py", 5, "test_header"),)),
        failure_with(
            refused.replace("401", "404"), "AssertionError", frames=(in_test("tests/test_app.py", 9, "test_status"),)
        ),
    ]
    results = [result(f"tests/test_app.py::test_{name}", one) for name, one in zip("abc", failures, strict=True)]

    causes = told_of(tmp_path, {"shop/app.py": APP, "tests/test_app.py": TESTS}, suite(results, failures))

    (joined,) = [cause for cause in causes if cause.kind == "exercised-code"]
    assert joined.title == "2 tests fail in 2 assertions on the status that shop/app.py:13 answers with"
    assert set(joined.tests) == {"tests/test_app.py::test_a", "tests/test_app.py::test_b"}
    assert "shop/app.py:11" in places(joined)


FIELDS = """
    from dataclasses import asdict, dataclass

    @dataclass
    class Hero:
        name: str
        years: int = 0

    class Columns:
        heroes_text = 1
        first = second = {names}

    def start(): return True
    def shown(): start(); return asdict(Hero("Rusty"))
    """
SHOWN = """
    from shop.heroes import {asked}

    def test_shown(): assert {found}
    def test_other(): pass
    """


@pytest.mark.slow
@pytest.mark.parametrize("records", [True, False])
def test_a_key_that_only_the_answer_has_leads_to_the_field_of_that_name(tmp_path: Path, records: bool) -> None:
    test = SHOWN.format(asked="shown", found='shown() == {"name": "Rusty", "age": 0}')
    files = {"shop/heroes.py": FIELDS.format(names="0"), "tests/test_heroes.py": test}
    (cause,), _ = investigated(tmp_path, files, records=records)

    assert "shop/heroes.py:6" in places(cause)[:2]


@pytest.mark.slow
def test_a_name_that_is_not_defined_leads_to_the_like_one_beside(tmp_path: Path) -> None:
    test = SHOWN.format(asked="Columns", found="Columns")
    files = {"shop/heroes.py": FIELDS.format(names="heroes"), "tests/test_heroes.py": test}
    (cause,), _ = investigated(tmp_path, files)

    assert places(cause)[:2] == ["shop/heroes.py:10", "shop/heroes.py:9"]


GIVEN = """
    def price(order):
        if not (order.lines is not None):
            if not hasattr(order, "kind"):
                return 0
            return len(order.lines) + 1
        return 0
    """


@pytest.mark.slow
def test_an_error_about_none_leads_to_the_condition_that_asks_for_none(tmp_path: Path) -> None:
    test = SHOWN.format(asked="price", found="price(type('Order', (), {'kind': 1, 'lines': None})) == 0")
    (cause,), _ = investigated(tmp_path, {"shop/heroes.py": GIVEN, "tests/test_heroes.py": test})

    assert places(cause)[:3] == ["shop/heroes.py:5", "shop/heroes.py:2", "shop/heroes.py:3"]


def test_a_column_that_got_no_value_is_named_where_the_test_maps_it(tmp_path: Path) -> None:
    test = """
        from shop.heroes import session

        def test_save():
            class Hero(Base):
                name_text = mapped_column(nullable=False)
            session.commit()
        """
    frames = (in_test("tests/test_heroes.py", 6, "test_save", "session.commit()"),)
    failure = failure_with("NOT NULL constraint failed: hero.name_text", "sqlite3.IntegrityError", frames=frames)
    facts = suite([result("tests/test_heroes.py::test_save", failure)], [failure])

    (cause,) = told_of(tmp_path, {"shop/heroes.py": "session = None\n", "tests/test_heroes.py": test}, facts)

    assert places(cause)[:2] == ["tests/test_heroes.py:5", "tests/test_heroes.py:6"]
