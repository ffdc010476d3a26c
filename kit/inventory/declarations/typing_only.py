"""Imports that only a type checker makes: below ``if TYPE_CHECKING``, where nothing else of the module binds the name.

https://docs.python.org/3/library/typing.html#typing.TYPE_CHECKING
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator

from kit.facts.places import Location
from kit.inventory.declarations.trees import Trees
from kit.inventory.source.annotations import dotted
from kit.inventory.source.walking import walk

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_GUARD = re.compile(r"\bTYPE_CHECKING\b")


def typing_only_imports(trees: Trees, name: str, paths: Collection[str]) -> tuple[Location, ...]:
    """The lines in these files that import a name for type checkers alone."""
    found = ((path, _lines(tree, name)) for path, tree in trees.matching(_GUARD, "TYPE_CHECKING") if path in paths)
    return tuple(Location(path, line, "imported") for path, lines in found for line in lines)


def _lines(tree: ast.Module, name: str) -> list[int]:
    guarded = [
        statement
        for node in walk(tree)
        if isinstance(node, ast.If) and (dotted(node.test) or "").rpartition(".")[2] == "TYPE_CHECKING"
        for statement in node.body
        if name in _bound(statement)
    ]
    local = {id(node) for function in walk(tree) if isinstance(function, _FUNCTIONS) for node in walk(*function.body)}
    bound = [node for node in walk(tree) if name in _bound(node) and id(node) not in local]
    return [one.lineno for one in guarded] if len(bound) == len(guarded) else []


def _bound(node: ast.AST) -> Iterator[str]:
    """The names that an import, a definition or an assignment binds."""
    match node:
        case ast.Import() | ast.ImportFrom():
            yield from (one.asname or one.name.partition(".")[0] for one in node.names)
        case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
            yield node.name
        case ast.Assign(targets=targets):
            yield from (one.id for one in targets if isinstance(one, ast.Name))
