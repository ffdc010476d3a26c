"""The conditions that decide whether a line runs: ``if not settings.exports_enabled: raise Disabled``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kit.inventory.declarations.trees import holds
from kit.inventory.source.annotations import dotted
from kit.inventory.source.walking import walk

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LEAVES = (ast.Raise, ast.Return, ast.Continue, ast.Break)


def asked_around(tree: ast.Module, line: int) -> tuple[str, ...]:
    """The last parts of the names in the conditions of the ``if``s whose body holds the line, the inmost first."""
    around = [node for node in walk(tree) if isinstance(node, ast.If) and _in_body(node, line)]
    inmost_first = sorted(around, key=lambda node: -node.lineno)
    names = (
        dotted(part) for node in inmost_first for part in walk(node.test) if isinstance(part, ast.Attribute | ast.Name)
    )
    return tuple(dict.fromkeys(name.rpartition(".")[2] for name in names if name))


def decided_at(tree: ast.Module, line: int) -> int | None:
    """The line of the last condition that lets the line run: an ``if`` around it, or one in front of it that would have
    left.
    """
    found = None
    for node, before in _path_to(tree, line):
        if isinstance(node, _FUNCTIONS):
            found = None
            continue
        guards = [one.test.lineno for one in before if isinstance(one, ast.If) and isinstance(one.body[-1], _LEAVES)]
        found = guards[-1] if guards else found
        if isinstance(node, ast.If) and _in_body(node, line):
            found = node.test.lineno
    return found


def decisions(tree: ast.Module, line: int) -> tuple[int, ...]:
    """As :func:`decided_at`. A condition that only asks for a flag (``if error_out:``) decides little: the one around
    it follows.
    """
    last = decided_at(tree, line)
    asked = [node for node, _ in _path_to(tree, line) if isinstance(node, ast.If) and _in_body(node, line)]
    if last is None or not asked or asked[-1].test.lineno != last or not _is_flag(asked[-1].test):
        return (last,) if last else ()
    around = decided_at(tree, asked[-1].lineno)
    return (last, around) if around else (last,)


def asked_for_none(tree: ast.Module, line: int) -> tuple[int, ...]:
    """The conditions in its function above a line that ask whether something which the line reads is None, the nearest
    first.
    """
    path = [node for node, _ in _path_to(tree, line)]
    functions = [node for node in path if isinstance(node, _FUNCTIONS)]
    inside = [node for one in functions[-1:] for node in walk(one)]
    read = {dotted(node) for node in inside if isinstance(node, ast.Name | ast.Attribute) and node.lineno == line}
    tests = (node.test for node in inside if isinstance(node, ast.If) and node.lineno < line)
    lines = {test.lineno for test in tests for node in walk(test) if _compared_to_none(node) in read - {None}}
    return tuple(sorted(lines, reverse=True))


def _compared_to_none(node: ast.AST) -> str | None:
    match node:
        case ast.Compare(left=asked, ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return dotted(asked)
    return None


def _is_flag(test: ast.expr) -> bool:
    bare = test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else test
    return isinstance(bare, ast.Name | ast.Attribute)


def _path_to(tree: ast.Module, line: int) -> Iterator[tuple[ast.stmt, list[ast.stmt]]]:
    """The statements that hold a line, from the outmost, each with those before it in its block."""
    block: list[ast.stmt] = tree.body
    while holding := [node for node in block if holds(node, line)]:
        yield holding[0], block[: block.index(holding[0])]
        block = next((part for part in _blocks(holding[0]) if any(holds(one, line) for one in part)), [])


def _blocks(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        yield getattr(node, name, [])
    for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield part.body


def _in_body(node: ast.If, line: int) -> bool:
    last = [*node.body, *node.orelse][-1]
    return node.body[0].lineno <= line <= (last.end_lineno or last.lineno)
