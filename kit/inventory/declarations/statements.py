"""The lines of a function where a wrong value can come from, with what each counts before anything else is known."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from kit.inventory.declarations.trees import assigned

#: what decides or gives an answer is wrong more often than what only passes a value on
_BY_STATEMENT: tuple[tuple[type[ast.stmt] | tuple[type[ast.stmt], ...], float], ...] = (
    ((ast.Return, ast.If, ast.While), 1.0),
    (ast.AugAssign, 0.9),
    ((ast.Assign, ast.AnnAssign), 0.8),
    (ast.Expr, 0.7),
    ((ast.For, ast.AsyncFor, ast.Assert), 0.6),
)
_OTHER = 0.3
#: a further line of a statement, such as one condition of a long query
_FURTHER = 0.6
#: what computes or compares is wrong more often than what names
_COMPUTES = 1.3
_SETTING = re.compile(r"[A-Z][A-Z0-9_]{2,}")


def statement_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[int, float]:
    """The lines of a function's body, with their weights."""
    found: dict[int, float] = {}
    for node in _statements(function):
        weight = next((one for kinds, one in _BY_STATEMENT if isinstance(node, kinds)), _OTHER)
        for part in _parts(node):
            for one in ast.walk(part):
                line = getattr(one, "lineno", 0)
                if line:
                    own = weight if line == node.lineno else weight * _FURTHER
                    own *= _COMPUTES if isinstance(one, ast.Compare | ast.BinOp | ast.BoolOp | ast.UnaryOp) else 1.0
                    found[line] = max(own, found.get(line, 0.0))
    return found


def _statements(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.stmt]:
    """The statements of a body, one another's included, without docstrings."""
    for node in ast.walk(function):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.stmt) and node is not function and not is_text:
            yield node


def _parts(node: ast.stmt) -> Iterator[ast.AST]:
    """The expressions of a statement, without the statements below it."""
    children = [one for one in ast.iter_child_nodes(node) if not isinstance(one, ast.stmt | ast.ExceptHandler)]
    yield from children or [node]


def names_read(function: ast.AST) -> frozenset[str]:
    """The names and attributes that a function reads; of strings those that look like the name of a setting."""
    found: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            found.add(node.id if isinstance(node, ast.Name) else node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _SETTING.fullmatch(node.value):
            found.add(node.value)
    return frozenset(found)


def values_assigned(module: ast.Module) -> Iterator[tuple[str, int, bool]]:
    """The names that a module and its classes give a value, with the line; whether it is the module itself."""
    for node in module.body:
        for one in node.body if isinstance(node, ast.ClassDef) else [node]:
            if bound := assigned(one):
                yield bound[0], one.lineno, one is node
