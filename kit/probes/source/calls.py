"""Calls of interest in a source file: what makes times without a zone, what tests patch (see ``main.py``).

Expressions are looked into only on lines that name such a call: a file's other expressions cost nothing.
"""

from __future__ import annotations

import ast
from bisect import bisect_left

from .expressions import callee, dotted, is_true, literal, options_of

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Iterator, List, Set


#: what may be a call of interest, by a word that stands in a file with any of them: looking for few words in a file
#: costs little, and less than any pattern does
WORDS = {
    "now": ("utcnow", ".now"),
    "utcfromtimestamp": ("utcfromtimestamp",),
    "patch": ("patch(", "patch.object(", ".setattr("),
}
ALWAYS_NAIVE = frozenset(("utcnow", "utcfromtimestamp"))
PATCHES = frozenset(("patch", "object", "setattr"))


def lines_of(text: str) -> List[int]:
    """The sorted lines that may hold a call of interest."""
    wanted = [one for word, parts in WORDS.items() if word in text for one in parts]
    lines, line, end = [], 1, 0
    for at in sorted(at for one in wanted for at in places(text, one)):
        line += text.count("\n", end, at)
        end = at
        lines.append(line)
    return lines


def places(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)


class Calls:
    """The calls of a file, found statement by statement."""

    def __init__(self, text: str) -> None:
        self.lines = lines_of(text)
        self.times: List[List[Any]] = []
        self.patches: List[List[Any]] = []

    def look(self, node: ast.stmt, scope: str) -> None:
        """Look into a statement, except for the statements in it."""
        decorators = getattr(node, "decorator_list", ())
        first = min([node.lineno, *(one.lineno for one in decorators)])  # of a class, the line of its name
        at = bisect_left(self.lines, first)
        if at == len(self.lines) or self.lines[at] > (node.end_lineno or 0):
            return
        expressions: List[ast.AST] = [node]
        called: Set[int] = set()
        while expressions:
            inner = expressions.pop()
            if isinstance(inner, ast.Call):
                self.call(inner, scope)
                called.add(id(inner.func))
            elif isinstance(inner, ast.Attribute):
                self.attribute(inner, scope, id(inner) in called)
            expressions.extend([child for child in ast.iter_child_nodes(inner) if not isinstance(child, ast.stmt)])

    def call(self, node: ast.Call, scope: str) -> None:
        name = callee(node)
        if name == "now" and isinstance(node.func, ast.Attribute):
            if not node.args and not node.keywords:
                self.add_time(node.func, scope, True)
        elif name in PATCHES and (name == "patch" or isinstance(node.func, ast.Attribute)):
            self.patch(node, name, scope)

    def attribute(self, node: ast.Attribute, scope: str, is_called: bool) -> None:
        if node.attr in ALWAYS_NAIVE or (node.attr == "now" and not is_called):
            self.add_time(node, scope, is_called)

    def add_time(self, node: ast.expr, scope: str, is_called: bool) -> None:
        name = dotted(node)
        if name:
            self.times.append([node.lineno, name, is_called, scope])

    def patch(self, node: Any, name: str, scope: str) -> None:
        """``[line, owner as written, name, scope]``; the owner of a target that is one string is ``""``."""
        if name == "object" and (dotted(node.func.value) or "").rpartition(".")[2] != "patch":
            return
        options = options_of(node)
        if is_true(options.get("create")) or literal(options.get("raising"), bool) is False:
            return  # it need not be there
        target: Any = node.args[0] if node.args else options.get("target")
        attribute = literal(node.args[1]) if len(node.args) > 1 else literal(options.get("attribute"))
        if literal(target) and name != "object":
            self.patches.append([node.lineno, "", target.value, scope])
        elif name != "patch" and attribute and dotted(target):
            self.patches.append([node.lineno, dotted(target), attribute, scope])
