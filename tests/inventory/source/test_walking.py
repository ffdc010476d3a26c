"""The nodes of a tree come in the order of ``ast.walk``, without operators and contexts."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest

import kit
from kit.inventory.source.walking import walk

FILES = sorted(Path(kit.__file__).parent.glob("inventory/**/*.py"))
WITHOUT_PLACE = (ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop)

#: one of each kind of node that holds texts, missing nodes or names beside nodes
ODD = """
global a, b
a(b(), *c(), **{1: d(), **e})
def f(x, *, y, z=1): nonlocal g
try: ...
except* E as error: raise
match a:
    case P(x, y=1) | {"k": v, **rest} | [None, *others] | -1: del a.b, a[1:2]
    case other if not other: ...
print(f"{a!r:>{b}}", lambda: (yield), (h := 1))
async def g():
    async for i in [j async for j in k if await j]: await i
"""


def expected(tree: ast.AST) -> list[ast.AST]:
    return [node for node in ast.walk(tree) if not isinstance(node, WITHOUT_PLACE)]


def identities(nodes: Iterable[ast.AST]) -> list[int]:
    return [id(node) for node in nodes]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nodes_come_in_the_order_of_the_librarys_walk(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert identities(walk(tree)) == identities(expected(tree))


def test_no_kind_of_node_is_passed_over() -> None:
    tree = ast.parse(ODD)
    assert identities(walk(tree)) == identities(expected(tree))


def test_several_trees_are_walked_side_by_side() -> None:
    one, other = ast.parse("a(b)").body[0], ast.parse("c(d)").body[0]
    both = ast.Module([one, other], [])
    assert identities(walk(one, other)) == identities(expected(both))[1:]


def test_a_node_that_lacks_a_field_is_walked_as_far_as_it_goes() -> None:
    assert [type(node) for node in walk(ast.Return(), ast.Dict(keys=[None], values=[ast.Name("a")]))] == [
        ast.Return,
        ast.Dict,
        ast.Name,
    ]
