"""A coroutine that nothing awaits is named where Python warned, for tests that failed and code of the target only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.facts.suite import SuiteFacts, TestWarning
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with, in_test, own

NODEID = "tests/test_shop.py::test_show"


def _suite(said: str = "coroutine 'Orders.load' was never awaited", path: str = "shop/orders.py") -> SuiteFacts:
    failure = failure_with("'token'", "KeyError", frames=(in_test("tests/test_shop.py", 9, "test_show"),))
    facts = suite([result(NODEID, failure), result("tests/test_shop.py::test_other")], [failure])
    return replace(facts, warnings=(TestWarning("RuntimeWarning", said, path, 12, NODEID),))


def test_the_line_that_python_warns_of_comes_first() -> None:
    (cause,) = causes_of(_suite())

    assert cause.kind == "unawaited-call"
    assert cause.title == "shop/orders.py:12 calls Orders.load and does not await it"
    assert [str(place) for place in cause.locations] == ["shop/orders.py:12", "tests/test_shop.py:9"]


@pytest.mark.parametrize(
    "facts",
    [
        _suite(path="tests/test_shop.py"),  # the test forgot it: this says nothing about the target
        _suite("coroutine 'test_show' was never awaited"),
        _suite(path="/env/lib/python3.11/site-packages/sqlalchemy/orm/session.py"),
        _suite("Orders.load is deprecated"),
        replace(
            _suite(), warnings=tuple(replace(one, nodeid="tests/test_shop.py::test_other") for one in _suite().warnings)
        ),
    ],
    ids=["in the test", "the test itself", "in a library", "another warning", "of a test that passed"],
)
def test_other_warnings_are_no_cause(facts: SuiteFacts) -> None:
    assert [cause.kind for cause in causes_of(facts)] == ["failure-group"]


def test_two_warnings_of_one_line_are_one_cause() -> None:
    facts = _suite()

    causes = causes_of(replace(facts, warnings=(*facts.warnings, *facts.warnings)))

    assert [cause.kind for cause in causes] == ["unawaited-call"]


def test_a_test_with_warnings_of_two_lines_is_laid_at_the_first_one() -> None:
    facts = _suite()
    later = replace(facts.warnings[0], path="shop/mail.py", line=3)

    causes = causes_of(replace(facts, warnings=(*facts.warnings, later)))

    assert [(cause.kind, str(cause.locations[0])) for cause in causes] == [("unawaited-call", "shop/orders.py:12")]


@pytest.mark.parametrize("change", [{"path": None}, {"nodeid": None}])
def test_a_warning_without_a_place_or_a_test_is_no_cause(change: dict[str, None]) -> None:
    facts = _suite()
    warnings = tuple(replace(one, **change) for one in facts.warnings)  # type: ignore[arg-type]

    assert [cause.kind for cause in causes_of(replace(facts, warnings=warnings))] == ["failure-group"]


@pytest.mark.parametrize(
    ("message", "line", "kind"),
    [
        ("'Settings' object has no attribute 'limit'", 12, "failure-group"),
        ("'coroutine' object has no attribute 'total'", 12, "unawaited-call"),
        ("'Settings' object has no attribute 'limit'", 13, "unawaited-call"),
    ],
    ids=["another error stopped the line", "the error is about the coroutine", "another line failed"],
)
def test_a_line_that_another_error_stopped_could_not_await(message: str, line: int, kind: str) -> None:
    frames = (in_test("tests/test_shop.py", 9, "test_show"), own("shop/orders.py", line, "show"))
    failure = failure_with(message, "AttributeError", frames=frames)
    facts = suite([result(NODEID, failure)], [failure])

    (cause,) = causes_of(replace(facts, warnings=_suite().warnings))

    assert cause.kind == kind
