"""What a line depends on within its function: the condition that lets it run, and the lines that made its values."""

from __future__ import annotations

import ast

from kit.inventory.declarations.guards import decided_at
from kit.inventory.declarations.trees import functions_of, holds
from kit.inventory.source.walking import walk


def reasons_at(tree: ast.Module, line: int) -> tuple[int, ...]:
    """The lines behind a line, the nearest reason first: where the names of its condition got their values, then the
    condition itself. A condition that says more than whether one name is set stands before these.
    """
    condition = decided_at(tree, line)
    if condition is None:
        return ()
    test = next((node.test for node in walk(tree) if isinstance(node, ast.If) and node.test.lineno == condition), None)
    names = {node.id for node in walk(test) if isinstance(node, ast.Name)} if test else set()
    made = [
        node.lineno
        for node in walk(_function_around(tree, line))
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.lineno < condition
        if any(isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store) and one.id in names for one in walk(node))
    ]
    last = sorted(made)[-1:]
    return (*last, condition) if _asks_only_whether_set(test) else (condition, *last)


def made_at(tree: ast.Module, line: int) -> tuple[ast.stmt, ...]:
    """The last assignments in its function to the names that a line uses."""
    function = _function_around(tree, line)
    used = {
        node.id
        for node in walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.lineno == line
    }
    found: dict[str, ast.stmt] = {}
    for node in sorted(_assignments(function), key=lambda node: node.lineno):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if node.lineno < line and isinstance(target, ast.Name) and target.id in used:
            found[target.id] = node
    return tuple(found.values())


def chosen_at(tree: ast.Module, line: int) -> tuple[int, ...]:
    """The conditions in its function that choose between several values of a name that a line uses, the last one first.
    Each has such a value on both of its sides.
    """
    function = _function_around(tree, line)
    names = [node for node in walk(function) if isinstance(node, ast.Name)]
    used = {node.id for node in names if node.lineno == line and isinstance(node.ctx, ast.Load)}
    conditions = [node for node in walk(function) if isinstance(node, ast.If) and (node.end_lineno or 0) < line]
    return tuple(
        sorted((one.test.lineno for one in conditions if _given(one.body) & _given(one.orelse) & used), reverse=True)
    )


def _given(body: list[ast.stmt]) -> set[str]:
    """The names that statements give a value."""
    nodes = (node for statement in body for node in walk(statement))
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _assignments(function: ast.AST) -> list[ast.Assign | ast.AnnAssign]:
    return [node for node in walk(function) if isinstance(node, ast.Assign | ast.AnnAssign)]


def _asks_only_whether_set(test: ast.expr | None) -> bool:
    match test:
        case ast.Name() | ast.UnaryOp(op=ast.Not(), operand=ast.Name()):
            return True
        case ast.Compare(left=ast.Name(), comparators=[ast.Constant(value=None)]):
            return True
    return False


def _function_around(tree: ast.Module, line: int) -> ast.AST:
    functions = (node for several in functions_of(tree, "").values() for node in several)
    around = [node for node in functions if holds(node, line)]
    return max(around, key=lambda node: getattr(node, "lineno", 0), default=ast.Module([], []))
