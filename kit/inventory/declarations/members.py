"""What computes an attribute of an object, and who reads it."""

from __future__ import annotations

import ast
import re

from kit.facts.places import Location
from kit.inventory.declarations.trees import Trees
from kit.inventory.source.annotations import dotted
from kit.inventory.source.roles import role_of
from kit.inventory.source.walking import walk

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def place_of_method(trees: Trees, owner: str, name: str) -> Location | None:
    """The method or property ``name`` of a class of this name, or of the nearest of its bases that has one; ``None``
    where that is a test's own.
    """
    seen: set[str] = set()
    near = [owner]
    while near:
        classes = [found for one in near if one not in seen for found in _classes(trees, one)]
        seen.update(near)
        for path, node in classes:
            for part in node.body:
                if isinstance(part, _FUNCTIONS) and part.name == name:
                    return Location(path, part.lineno, "compared") if role_of(path) != "test" else None
        near = [base.rpartition(".")[2] for _, node in classes for base in map(dotted, node.bases) if base]
        near = [base for base in near if base not in seen]
    return None


def attributes_read(trees: Trees, path: str, function: str) -> frozenset[str]:
    """The names of all attributes that a function of a file reads."""
    return frozenset(
        node.attr
        for defined in trees.functions(path).get(function, ())
        for node in walk(defined)
        if isinstance(node, ast.Attribute)
    )


def _classes(trees: Trees, name: str) -> list[tuple[str, ast.ClassDef]]:
    return [
        (path, node)
        for path, tree in trees.matching(re.compile(rf"\bclass {re.escape(name)}\b"), name)
        for node in walk(tree)
        if isinstance(node, ast.ClassDef) and node.name == name
    ]
