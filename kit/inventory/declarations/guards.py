"""The conditions that decide whether a line runs: ``if not settings.exports_enabled: raise Disabled``."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from kit.inventory.source.annotations import dotted

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
#: what is caught where an import may fail
_MISSING = frozenset({"ImportError", "ModuleNotFoundError", "AttributeError", "Exception"})
_LEAVES = (ast.Raise, ast.Return, ast.Continue, ast.Break)


def either_way(nodes: Iterable[ast.AST]) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports that have another way beside them: in a ``try`` that catches their failure, and of a name that both
    branches of an ``if`` import.
    """
    for node in nodes:
        if isinstance(node, ast.Try) and any(_catches_import(one) for one in node.handlers):
            yield from _imports_in([*node.body, *(one for handler in node.handlers for one in handler.body)])
        elif isinstance(node, ast.If) and node.orelse:
            branches = [list(_imports_in(block)) for block in (node.body, node.orelse)]
            first, second = ({name for one in branch for name in _names_of(one)} for branch in branches)
            yield from (one for branch in branches for one in branch if first & second & _names_of(one))


def _catches_import(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(one is None or (dotted(one) or "").rpartition(".")[2] in _MISSING for one in caught)


def _imports_in(block: Iterable[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    for statement in block:
        yield from (one for one in ast.walk(statement) if isinstance(one, ast.Import | ast.ImportFrom))


def _names_of(node: ast.Import | ast.ImportFrom) -> set[str]:
    return {one.asname or one.name for one in node.names}


def asked_around(tree: ast.Module, line: int) -> tuple[str, ...]:
    """The last parts of the names in the conditions of the ``if``s whose body holds the line, the inmost first."""
    around = [node for node in ast.walk(tree) if isinstance(node, ast.If) and _in_body(node, line)]
    inmost_first = sorted(around, key=lambda node: -node.lineno)
    names = (
        dotted(part)
        for node in inmost_first
        for part in ast.walk(node.test)
        if isinstance(part, ast.Attribute | ast.Name)
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


def _path_to(tree: ast.Module, line: int) -> Iterator[tuple[ast.stmt, list[ast.stmt]]]:
    """The statements that hold a line, from the outmost, each with those before it in its block."""
    block: list[ast.stmt] = tree.body
    while holding := [node for node in block if _holds(node, line)]:
        yield holding[0], block[: block.index(holding[0])]
        block = next((part for part in _blocks(holding[0]) if any(_holds(one, line) for one in part)), [])


def _blocks(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        yield getattr(node, name, [])
    for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield part.body


def _holds(node: ast.stmt, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or node.lineno)


def _in_body(node: ast.If, line: int) -> bool:
    last = [*node.body, *node.orelse][-1]
    return node.body[0].lineno <= line <= (last.end_lineno or last.lineno)
