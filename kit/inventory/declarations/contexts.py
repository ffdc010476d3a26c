"""Contexts of Flask that fixtures push: those that are left before the tests run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kit.facts.places import Location
from kit.inventory.declarations.trees import Trees, callee
from kit.inventory.source.walking import walk

_PUSHING = frozenset({"app_context", "test_request_context", "request_context"})
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Contexts:
    """Questions about the fixtures at some places."""

    trees: Trees

    def left(self, fixtures: Iterable[Location]) -> tuple[Location, ...]:
        """The ``with`` statements that push a context and do not yield inside, so that no test runs in it."""
        return tuple(
            Location(place.path, node.lineno, "left")
            for place in fixtures
            for node in walk(self.trees.function_at(place) or ast.Module([], []))
            if isinstance(node, ast.With | ast.AsyncWith)
            if any(callee(item.context_expr) in _PUSHING for item in node.items)
            if not any(isinstance(one, ast.Yield | ast.YieldFrom) for one in _within(node))
        )


def _within(node: ast.AST) -> Iterator[ast.AST]:
    """What runs in a statement itself, not in the functions that it defines."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, _DEFINITIONS):
            yield child
            yield from _within(child)
