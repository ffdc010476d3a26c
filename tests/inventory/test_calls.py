"""The calls of a function come in the order in which ``ast.walk`` finds them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import kit
from kit.inventory.declarations.functions import calls_within

FILES = sorted(Path(kit.__file__).parent.glob("inventory/**/*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_calls_come_in_the_order_of_a_walk(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert list(calls_within([tree])) == [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def test_what_holds_texts_instead_of_nodes_is_passed_over() -> None:
    tree = ast.parse("def f():\n    global a, b\n    a(b(), *c(), **{1: d()})\n")
    assert [ast.unparse(node.func) for node in calls_within([tree])] == ["a", "b", "c", "d"]
