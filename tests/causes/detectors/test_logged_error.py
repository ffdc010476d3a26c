"""An error that the app catches and logs is the cause of what the tests see in its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.facts.causes import Cause
from kit.facts.execution import Execution, TestLines
from kit.facts.failures import Failure
from tests.causes.apps import investigated, names_of, places, told_of
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


@pytest.mark.parametrize("there", ["tests/conftest.py", "tests/helpers.py", "backend/tests/fakes/bank.py"])
def test_an_error_that_a_helper_of_tests_raises_is_no_cause(there: str) -> None:
    assert "logged-error" not in _kinds(_fails("assert 500 == 503", there), _fails("assert [] == [1]", there))


@pytest.mark.parametrize(
    ("message", "is_expected"),
    [
        ("assert 422 == 400", True),
        ("assert 500 == 503", True),
        ("assert 500 == 400", False),
        ("assert 500 == 200", False),
        ("DID NOT RAISE <class 'shop.Refused'>", True),
        ("'Bill' object has no attribute 'totl'", True),
        ("'NoneType' object has no attribute 'total'", False),
        ("'dict' object has no attribute 'total'", False),
        ("module 'shop.db' has no attribute 'query'", True),
        ("name 'total' is not defined", True),
        ("total() got an unexpected keyword argument 'tax'", True),
        ("total() missing 1 required positional argument: 'tax'", True),
        ("'NoneType' object is not subscriptable", False),
    ],
)
def test_a_failure_that_asks_for_an_error_or_names_what_lacks_has_another_cause(
    message: str, is_expected: bool
) -> None:
    kinds = _kinds(_fails(message), _fails(f"{message}\n +  where it is"))

    assert ("logged-error" not in kinds) is is_expected


WEB = """
import logging


def handle(path):
    try:
        return 200, query(path)
    except RuntimeError:
        logging.exception("GET %s", path)
        return 500, None


def query(path):
    raise RuntimeError("the database is down")
"""
LOGGED = """Captured log call:
Traceback (most recent call last):
  File "shop/web.py", line 6, in handle
    return 200, query(path)
  File "shop/web.py", line 13, in query
    raise RuntimeError("the database is down")
RuntimeError: the database is down
"""


def _told(folder: Path, body: str, *, lines: tuple[TestLines, ...] = (), fixtures: tuple[str, ...] = ()) -> set[str]:
    """The kinds of the causes of two tests of this body, which fail in its last line and log the error."""
    text = "".join(f"def test_{n}({', '.join(fixtures)}):\n    {body}\n" for n in "ab")
    frames = {n: in_test("tests/test_web.py", 2 * number, f"test_{n}") for number, n in enumerate("ab", 1)}
    known = [
        with_id(replace(failure_with(f"assert {n!r} == 1", frames=(frame,)), tail=LOGGED))
        for n, frame in frames.items()
    ]
    facts = suite([result(f"tests/test_web.py::test_{n}", one) for n, one in zip("ab", known, strict=True)], known)
    tests = tuple(replace(one, fixtures=fixtures) for one in facts.tests)
    facts = replace(facts, tests=tests, execution=Execution(lines=lines))
    return {cause.kind for cause in told_of(folder, {"shop/web.py": WEB, "tests/test_web.py": text}, facts)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "is_expected"),
    [
        ('assert handle("/")[1] == 1', False),
        ('with patch("shop.web.query", side_effect=RuntimeError): assert handle("/")[1] == 1', True),
        ('assert handle("/")[1] == {"error": "the database is down"}', True),
        ('assert handle("/")[1] == {"error": "database"}', False),
        ('assert "RuntimeError: gone" in handle("/")[1]', True),
    ],
)
def test_an_error_that_the_test_names_is_expected(tmp_path: Path, body: str, is_expected: bool) -> None:
    assert ("logged-error" not in _told(tmp_path, body)) is is_expected


@pytest.mark.slow
@pytest.mark.parametrize(("fixture", "is_expected"), [("caplog", True), ("client", False)])
def test_a_test_that_looks_at_the_log_expects_errors_in_it(tmp_path: Path, fixture: str, is_expected: bool) -> None:
    kinds = _told(tmp_path, 'assert handle("/")[1] == 1', fixtures=(fixture,))

    assert ("logged-error" not in kinds) is is_expected


RAISED, CAUGHT, NEITHER = (6, 8, 9, 13), (6, 8, 9), (6,)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("passing", "is_met"),
    [
        ([RAISED, RAISED], True),
        ([RAISED, RAISED, NEITHER], True),
        ([CAUGHT, CAUGHT], True),
        ([CAUGHT, CAUGHT, NEITHER], False),
        ([RAISED], False),
        ([NEITHER, NEITHER], False),
        ([(), ()], False),
    ],
)
def test_an_error_that_passing_tests_meet_too_is_no_cause(
    tmp_path: Path, passing: list[tuple[int, ...]], is_met: bool
) -> None:
    lines = tuple(TestLines("", {"shop/web.py": one}) for one in passing)

    assert ("logged-error" not in _told(tmp_path, 'assert handle("/")[1] == 1', lines=lines)) is is_met


ROWS = """
    import logging


    def read(lines):
        found = []
        for line in lines:
            try:
                name, amount = line.split(";")
                found.append((name, int(amount)))
            except ValueError:
                logging.exception("a line is left out")
        return found


    def total(lines): return sum(amount for _, amount in read(lines)) + 1
    def names(lines): return [name for name, _ in read(lines)]
"""


@pytest.mark.slow
@pytest.mark.parametrize(("passing", "is_met"), [("a;1 b;two", True), ("a;1", False)])
def test_lines_of_passing_tests_show_whether_they_meet_the_error(tmp_path: Path, passing: str, is_met: bool) -> None:
    tests = f"""
    from shop.rows import names, total

    def test_total(): assert total(["a;1", "b;two"]) == 1
    def test_other(): assert total(["b;two", "c;3"]) == 3
    def test_names(): assert names({passing.split()}) == ["a"]
    def test_again(): assert "a" in names({passing.split()})
    """
    causes, _ = investigated(tmp_path, {"shop/rows.py": ROWS, "tests/test_rows.py": tests}, records=True)

    assert (causes[0].kind != "logged-error") is is_met
