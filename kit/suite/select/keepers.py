"""Which functions keep what they have made for later calls: under a cache, or in a name outside of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set
from opcode import opmap
from types import CodeType
from typing import TypeAlias

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

#: methods that put something into what may be a container of the module
_FILLING = frozenset({"add", "append", "appendleft", "extend", "insert", "setdefault", "update"})
#: what Python does where a function sets a global name, an attribute or an entry
_SETTING = {opmap.get(name) for name in ("DELETE_GLOBAL", "STORE_ATTR", "STORE_GLOBAL", "STORE_SLICE", "STORE_SUBSCR")}


def keeps(node: Function, code: CodeType) -> bool:
    """Whether a function keeps what it has made: a cache above it, or a name outside of it that it sets."""
    return _has_cache(node) or (_may_set(code) and _sets_something(node))


def _may_set(code: CodeType) -> bool:
    """Whether a function may set something, by its code: a quick look, as most functions do not."""
    if not _SETTING.isdisjoint(code.co_code[::2]) or not _FILLING.isdisjoint(code.co_names):
        return True
    return any(_may_set(one) for one in code.co_consts if isinstance(one, CodeType))


def _has_cache(node: Function) -> bool:
    words = " ".join(ast.unparse(one).lower() for one in node.decorator_list)
    return any(word in words for word in ("cache", "memo", "once", "singleton", "lazy"))


def _sets_something(function: ast.AST) -> bool:
    """Whether a function sets something that it has not made: a global name, an attribute or an entry of one."""
    nodes = list(ast.walk(function))
    own = {one.arg for one in nodes if isinstance(one, ast.arg)}
    own |= {one.id for one in nodes if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    own.discard("cls")
    return _fills_what_is_missing(nodes) or any(_sets_outside(one, own) for one in nodes)


def _sets_outside(node: ast.AST, own: Set[str]) -> bool:
    if isinstance(node, ast.Global):
        return True
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
        base: ast.expr = node
        while isinstance(base, ast.Attribute | ast.Subscript):
            base = base.value
        return isinstance(base, ast.Name) and base.id not in own
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        return node.func.attr in _FILLING and node.func.value.id not in own
    return False


def _fills_what_is_missing(nodes: list[ast.AST]) -> bool:
    """Whether a function tests an attribute and sets it (or an entry of it) if it is missing: ``if self._engine is
    None: …``, also with an early return. The object may be any: it can belong to the module.
    """
    asked: set[str] = set()
    stored: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.If | ast.IfExp | ast.While):
            asked.update(_attributes(node.test))
        elif isinstance(node, ast.BoolOp):
            asked.update(_attributes(node))
        elif isinstance(node, ast.Try):
            asked.update(name for one in node.body for name in _attributes(one))
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            stored.add(node.attr)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            stored.update(_attributes(node.value))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            asked.update(_attributes(node.func.value))
    return bool(asked & stored)


def _attributes(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Attribute):
            yield one.attr
        elif isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value
