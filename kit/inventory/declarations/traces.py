"""What is left where a call was taken out: the call as a comment, or a statement that does nothing beside others."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from kit.facts.places import Location
from kit.inventory.declarations.trees import Trees
from kit.inventory.source.walking import walk

_BODIES = ("body", "orelse", "finalbody")


def traces_of(trees: Trees, path: str, calls: Sequence[str], within: Location | None = None) -> tuple[Location, ...]:
    """The lines of a file that are a comment with one of these calls, or do nothing though other statements stand
    beside them; where a place is in a function, those of the function.
    """
    whole = (trees.function_at(within) if within else None) or trees.tree(path)
    if whole is None:
        return ()
    first, last = getattr(whole, "lineno", 1), getattr(whole, "end_lineno", None)
    called = re.compile(rf"\s*#.*\b(?:{'|'.join(map(re.escape, calls))})\(")
    lines = trees.text(path).splitlines()[first - 1 : last]
    commented = {number for number, line in enumerate(lines, first) if called.match(line)}
    idle = {node.lineno for node in _idle(whole)}
    return tuple(Location(path, line, "does nothing") for line in (*sorted(commented), *sorted(idle)))


def _idle(whole: ast.AST) -> Iterator[ast.stmt]:
    for node in walk(whole):
        bodies = [getattr(node, name, None) for name in _BODIES]
        for body in (one for one in bodies if isinstance(one, list) and not isinstance(node, ast.ClassDef)):
            statements = [one for one in body if not _is_text(one)]
            yield from (one for one in statements if _does_nothing(one) and len(statements) > 1)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _does_nothing(node: ast.stmt) -> bool:
    is_dots = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value.value is ...
    return isinstance(node, ast.Pass) or is_dots
