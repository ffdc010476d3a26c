"""What the conditions around a line ask for: ``if not settings.exports_enabled: raise Disabled``."""

from __future__ import annotations

import ast

from kit.inventory.annotations import dotted


def asked_around(tree: ast.Module, line: int) -> tuple[str, ...]:
    """The last parts of the names in the conditions of the ``if``s whose body holds the line, the inmost first."""
    around = [node for node in ast.walk(tree) if isinstance(node, ast.If) and _holds(node, line)]
    inmost_first = sorted(around, key=lambda node: -node.lineno)
    names = (
        dotted(part)
        for node in inmost_first
        for part in ast.walk(node.test)
        if isinstance(part, ast.Attribute | ast.Name)
    )
    return tuple(dict.fromkeys(name.rpartition(".")[2] for name in names if name))


def _holds(node: ast.If, line: int) -> bool:
    last = [*node.body, *node.orelse][-1]
    return node.body[0].lineno <= line <= (last.end_lineno or last.lineno)
