"""What is left where a call was taken out: the call as a comment, or a statement that does nothing beside others."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from kit.facts.places import Location
from kit.inventory.declarations.trees import Trees
from kit.inventory.source.walking import walk

_BODIES = ("body", "orelse", "finalbody")


def traces_of(trees: Trees, calls: Sequence[str], places: Iterable[Location]) -> tuple[Location, ...]:
    """The lines around places that are a comment with one of these calls, or do nothing though other statements stand
    beside them: lines of the function that a place is in, else of its file.
    """
    called = re.compile(rf"\s*#.*\b(?:{'|'.join(map(re.escape, calls))})\(")
    return tuple(dict.fromkeys(line for place in places for line in _around(trees, called, place)))


def _around(trees: Trees, called: re.Pattern[str], place: Location) -> Iterator[Location]:
    whole = trees.function_at(place) or trees.tree(place.path)
    if whole is None:
        return
    first, last = getattr(whole, "lineno", 1), getattr(whole, "end_lineno", None)
    lines = trees.text(place.path).splitlines()[first - 1 : last]
    commented = {number for number, line in enumerate(lines, first) if called.match(line)}
    idle = {node.lineno for node in _idle(whole)}
    yield from (Location(place.path, line, "does nothing") for line in (*sorted(commented), *sorted(idle)))


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
