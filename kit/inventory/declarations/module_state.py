"""What a module keeps for all that import it, and which exceptions the code around a line expects."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from kit.facts.places import Location
from kit.inventory.declarations.trees import Function, Trees, assigned, callee
from kit.inventory.source.walking import walk

_CONTAINERS = frozenset({"dict", "list", "set", "defaultdict", "OrderedDict", "deque", "WeakValueDictionary"})
_RAISES = frozenset({"raises", "assertRaises", "assertRaisesRegex"})


@dataclass(frozen=True)
class ModuleState:
    """Questions about the source of some modules."""

    trees: Trees

    def names(self, path: str) -> frozenset[str]:
        """The names that a module binds to an empty container or to an object of a class of its own, and its functions
        that use such a name: a second copy of the module has others.
        """
        tree = self.trees.tree(path) or ast.Module([], [])
        classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
        bound = filter(None, map(assigned, tree.body))
        state = {name for name, value in bound if _is_empty(value) or callee(value) in classes}
        functions = (node for node in tree.body if isinstance(node, Function))
        return frozenset(state.union(one.name for one in functions if state & _read(one)))

    def expects(self, place: Location, exception: str) -> bool:
        """Whether a ``with raises(…)`` or a ``try`` around a line names an exception."""
        nodes = walk(self.trees.tree(place.path) or ast.Module([], []))
        around = (node for node in nodes if isinstance(node, ast.With | ast.Try) and _holds(node.body, place.line))
        return any(exception in _read(part) for node in around for part in _expecting(node))


def _is_empty(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Dict):
        return not value.keys
    if isinstance(value, ast.List):
        return not value.elts
    return callee(value) in _CONTAINERS


def _expecting(node: ast.With | ast.Try) -> Iterator[ast.expr]:
    if isinstance(node, ast.Try):
        yield from (one.type for one in node.handlers if one.type)
    else:
        yield from (one.context_expr for one in node.items if callee(one.context_expr) in _RAISES)


def _holds(body: list[ast.stmt], line: int) -> bool:
    return body[0].lineno <= line <= (body[-1].end_lineno or 0)


def _read(node: ast.AST) -> set[str]:
    """The names that code uses, those of attributes too."""
    return {getattr(one, "attr", getattr(one, "id", "")) for one in walk(node)}
