"""What no other detector explains."""

from __future__ import annotations

from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with, in_test, own


def test_each_group_that_is_left_is_a_cause_with_its_place_and_no_claim() -> None:
    one = failure_with("price is negative", "ValueError", frames=(own("shop/prices.py", 9, "check"),))
    other = failure_with("no such customer here", "LookupError", frames=(in_test("tests/test_b.py", 4, "test_b"),))
    results = [result("tests/test_a.py::test_a", one), result("tests/test_b.py::test_b", other)]
    causes = causes_of(suite(results, [one, other]))
    assert [(cause.kind, cause.state, str(cause.locations[0])) for cause in causes] == [
        ("failure-group", "unknown", "shop/prices.py:9"),
        ("failure-group", "unknown", "tests/test_b.py:4"),
    ]
    assert causes[0].title == "ValueError: price is negative"


def test_a_syntax_error_is_placed_where_the_file_breaks_off() -> None:
    failure = failure_with("invalid syntax (test_x.py, line 7)", "SyntaxError", phase="collect")
    (cause,) = causes_of(suite([], test_x=failure))
    assert [str(place) for place in cause.locations] == ["tests/test_x.py:7"]


def test_what_another_detector_explains_is_not_told_again() -> None:
    failure = failure_with("No module named 'redis'", "ModuleNotFoundError")
    (cause,) = causes_of(suite([result("tests/test_a.py::test_a", failure)], [failure]))
    assert cause.kind == "missing-package"
