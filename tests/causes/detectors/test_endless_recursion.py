"""Functions that call each other without end."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.causes import Cause
from kit.facts.failures import Frame
from tests.causes.apps import investigated, places
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with, in_test, own

TREE = """
def walk(node):
    return [node, *expand(node)]


def expand(node):
    return walk(node["child"])
"""


@pytest.mark.slow
def test_the_circle_is_named_wherever_it_is_entered(tmp_path: Path) -> None:
    tests = (
        "from shop.tree import expand, walk\n\nNODE = {}\n"
        "NODE['child'] = NODE\n\n\ndef test_walk():\n    walk(NODE)\n\n"
        "def test_expand():\n    expand(NODE)\n"
    )
    (cause,), _ = investigated(tmp_path, {"shop/tree.py": TREE, "tests/test_tree.py": tests})
    assert cause.kind == "endless-recursion"
    assert cause.title == "shop.tree:walk and shop.tree:expand call each other without end"
    assert cause.tests_blocked == 2
    assert places(cause) == ["shop/tree.py:2", "shop/tree.py:6"]


def test_a_recursion_of_a_library_is_not_blamed_on_the_target() -> None:
    frames = (in_test("tests/test_a.py", 3, "test_a", "copy(x)"), *[Frame("lib/copy.py", 9, "deepcopy", "library")] * 5)
    failure = failure_with("maximum recursion depth exceeded", "RecursionError", frames=frames)
    (cause,) = causes_of(suite([result("tests/test_a.py::test_a", failure)], [failure]))
    assert cause.kind == "failure-group"


def _recursion(*frames: Frame, kind: str = "RecursionError") -> Cause:
    """The cause of a failure whose traceback has these frames below the test's."""
    failure = failure_with("maximum recursion depth", kind, frames=(in_test("tests/test_a.py", 3, "test_a"), *frames))
    (cause,) = causes_of(suite([result("tests/test_a.py::test_a", failure)], [failure]))
    return cause


WALK = own("shop/tree.py", 7, "walk", "return walk(node)")


def test_a_function_that_calls_itself_is_named_with_its_call() -> None:
    cause = _recursion(*[WALK] * 4)

    assert (cause.kind, cause.title) == ("endless-recursion", "shop.tree:walk calls itself without end")
    assert next(item.text for item in cause.evidence) == "walk goes on to: return walk(node)"
    assert places(cause) == ["shop/tree.py:7"]


def test_a_line_that_the_traceback_passes_on_its_way_is_not_part_of_the_circle() -> None:
    assert places(_recursion(own("shop/api.py", 2, "show"), *[WALK] * 4)) == ["shop/tree.py:7"]


def test_a_library_between_two_calls_of_the_target_is_left_out() -> None:
    copied = Frame("lib/copy.py", 9, "deepcopy", "library")

    assert places(_recursion(*[WALK, copied] * 4)) == ["shop/tree.py:7"]


@pytest.mark.parametrize("times", [1, 2])
def test_a_line_that_comes_seldom_is_no_circle(times: int) -> None:
    assert _recursion(*[WALK] * times).kind != "endless-recursion"


def test_another_error_deep_in_a_recursion_is_not_taken_for_it() -> None:
    assert _recursion(*[WALK] * 9, kind="KeyError").kind != "endless-recursion"


def test_failures_that_enter_one_circle_at_two_places_are_one_cause() -> None:
    expand = own("shop/tree.py", 11, "expand", "walk(node)")
    start = in_test("tests/test_a.py", 3, "test_a")
    first = failure_with("too deep", "RecursionError", frames=(start, *[WALK, expand] * 3))
    second = failure_with("too deep", "RecursionError", frames=(start, *[expand, WALK] * 3))
    results = [result(f"tests/test_a.py::test_{name}", one) for name, one in (("a", first), ("b", second))]

    (cause,) = causes_of(suite(results, [first, second]))

    assert cause.tests_blocked == 2
    assert cause.title == "shop.tree:walk and shop.tree:expand call each other without end"
