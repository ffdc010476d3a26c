"""An error that the app catches and logs is the cause of what the tests see in its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.facts.causes import Cause
from kit.facts.failures import Failure
from tests.causes.apps import investigated, names_of, places
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with, in_test, own, with_id

APP = """
    import logging


    def execute(rows, name):
        return rows[name]


    def handle(path):
        try:
            return 200, execute({"id": 1}, path)
        except KeyError:
            logging.exception("POST %s", path)
            return 500, None
"""
TESTS = """
    from shop.web import execute, handle

    def test_status(): assert handle("total")[0] == 200
    def test_answer(): assert handle("total")[1] == 1
    def test_length(): assert len(handle("total")[1] or []) == 1
    def test_itself(): execute({}, "total")
    def test_other(): assert 1 == 2
"""


@pytest.mark.slow
def test_what_follows_from_a_logged_error_is_one_cause_at_the_line_that_raises(tmp_path: Path) -> None:
    causes, _ = investigated(tmp_path, {"shop/web.py": APP, "tests/test_web.py": TESTS})

    cause = next(one for one in causes if one.kind == "logged-error")
    assert places(cause) == ["shop/web.py:5", "shop/web.py:10"]
    assert names_of(cause) == {"test_status", "test_answer", "test_length", "test_itself"}
    assert cause.title.endswith("KeyError: 'total'")


LIBRARY = """  File ".venv/lib/python3.12/site-packages/driver.py", line 9, in run
"""
LOG = """Captured log call:
ERROR    shop:web.py:9 POST /new
Traceback (most recent call last):
  File "{path}", line 6, in execute
    return connection.execute(sql)
{library}ValueError: no such column
"""


def _causes(*failures: Failure) -> tuple[Cause, ...]:
    known = [with_id(one) for one in failures]
    return causes_of(suite([result(f"tests/test_a.py::test_{n}", one) for n, one in enumerate(known)], known))


def _fails(message: str, path: str = "shop/db.py", **more: object) -> Failure:
    failure = failure_with(message, frames=(in_test("tests/test_a.py", 3, "test_a"),))
    return replace(failure, tail=LOG.format(path=path, library=LIBRARY), **more)  # type: ignore[arg-type]


def _kinds(*failures: Failure) -> set[str]:
    return {cause.kind for cause in _causes(*failures)}


def test_one_cause_for_different_assertions() -> None:
    (cause,) = _causes(_fails("assert 500 == 201"), _fails("assert [] == [1]"))

    assert (cause.kind, cause.tests_blocked) == ("logged-error", 2)
    assert places(cause) == ["shop/db.py:6"]


def test_one_test_alone_may_log_what_it_expects() -> None:
    assert "logged-error" not in _kinds(_fails("assert 500 == 201"))


def test_an_error_that_a_test_raises_itself_is_no_cause() -> None:
    there = "tests/test_a.py"
    assert "logged-error" not in _kinds(_fails("assert 500 == 201", there), _fails("assert [] == [1]", there))


def test_what_the_app_raises_is_told_by_that() -> None:
    frames = (own("shop/prices.py", 4, "price"),)
    raised = [
        replace(failure_with(text, "ValueError", frames=frames), tail=LOG.format(path="a.py", library=""))
        for text in "ab"
    ]

    assert "logged-error" not in _kinds(*raised)
