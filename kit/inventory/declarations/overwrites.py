"""Where code gives a name of another module another value: ``shop.prices.rate = None``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from kit.facts.places import Location
from kit.inventory.declarations.trees import Trees, callee
from kit.inventory.names.names import Names
from kit.inventory.source.annotations import dotted
from kit.inventory.source.walking import walk


def places_overwriting(trees: Trees, names: Names, path: str, name: str) -> tuple[Location, ...]:
    """The lines of other files that assign to a name of the module at ``path``, also by ``setattr``."""
    module = names.modules.names.get(path)
    return tuple(
        Location(other, line, "overwritten")
        for other, tree in trees.matching(re.compile(rf"\.{re.escape(name)}\b|\bsetattr\b"), name, "setattr")
        if other != path and other in names.modules.names
        for owner, line in _assigned(tree, name)
        if names.resolve(names.modules.names[other], owner, in_function=True).dotted == module
    )


def _assigned(tree: ast.Module, name: str) -> Iterator[tuple[str, int]]:
    """Whose attribute of this name is given a value, and the line."""
    for node in walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr == name:
            owner = dotted(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and _sets(node, name):
            owner = dotted(node.args[0])
        else:
            continue
        if owner:
            yield owner, node.lineno


def _sets(node: ast.Call, name: str) -> bool:
    """``setattr(module, "name", …)``; what ``monkeypatch`` sets, it takes back."""
    named = node.args[1] if callee(node) == "setattr" and len(node.args) == 3 else None
    return isinstance(named, ast.Constant) and named.value == name
