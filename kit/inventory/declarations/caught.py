"""Errors that code catches and answers with another one: what is caught above a line, and of which code.

https://docs.python.org/3/tutorial/errors.html#exception-chaining
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from kit.facts.places import Location
from kit.inventory.declarations.trees import Trees, is_built_in_kind
from kit.inventory.source.annotations import dotted
from kit.inventory.source.walking import walk


@dataclass(frozen=True)
class Caught:
    """What the ``except`` around a line catches: the last part of each name, none for all. ``names`` are those that
    the code in its ``try`` uses.
    """

    types: frozenset[str]
    names: frozenset[str]

    def catches(self, exception: str) -> bool:
        """Whether it catches an exception of this type, which may be of a module."""
        name = exception.rpartition(".")[2]
        return not self.types or name in self.types or any(is_built_in_kind(name, one) for one in self.types)


def caught_at(trees: Trees, place: Location) -> Caught | None:
    """What the inmost ``except`` around a line catches; ``None`` where the line stands in none."""
    tree = trees.tree(place.path) or ast.Module([], [])
    around = [
        (handler, node)
        for node in walk(tree)
        if isinstance(node, ast.Try)
        for handler in node.handlers
        if handler.lineno < place.line <= (handler.end_lineno or 0)
    ]
    if not around:
        return None
    handler, node = max(around, key=lambda pair: pair[0].lineno)
    return Caught(frozenset(_types(handler)), frozenset(_names(node)))


def handled_at(trees: Trees, place: Location) -> range:
    """The lines of the ``except`` clauses of the inmost ``try`` whose body holds a line; empty where there is none."""
    tree = trees.tree(place.path) or ast.Module([], [])
    around = [
        node
        for node in walk(tree)
        if isinstance(node, ast.Try) and node.handlers and node.lineno < place.line < node.handlers[0].lineno
    ]
    if not around:
        return range(0)
    handlers = max(around, key=lambda node: node.lineno).handlers
    return range(handlers[0].body[0].lineno, (handlers[-1].end_lineno or 0) + 1)


def _types(handler: ast.ExceptHandler) -> Iterator[str]:
    given = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    yield from ((dotted(one) or "").rpartition(".")[2] for one in given if one is not None)


def _names(node: ast.Try) -> Iterator[str]:
    for one in (part for statement in node.body for part in walk(statement)):
        if isinstance(one, ast.Name):
            yield one.id
        elif isinstance(one, ast.Attribute):
            yield one.attr
