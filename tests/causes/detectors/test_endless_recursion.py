"""Functions that call each other without end."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.failures import Frame
from tests.causes.apps import investigated, places
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with, in_test

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
