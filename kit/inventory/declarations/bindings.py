"""What modules and classes bind, and which of them bind a name."""

from __future__ import annotations

import ast

from kit.facts.places import Location
from kit.inventory.declarations.trees import Function, Trees, holds
from kit.inventory.names.names import Names
from kit.inventory.source.walking import walk

_SCOPES = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINING = frozenset({"def", "class"})


def bound_by(trees: Trees, names: Names, owner: str) -> dict[str, Location]:
    """The names that a module, or a class of one, binds in its body, imports left out."""
    file = names.files.get(names.modules.canonical(owner))
    if file is not None:
        return {one.name: Location(file.path, one.line, "definition") for one in file.bindings}
    module, _, name = owner.rpartition(".")
    file = names.files.get(names.modules.canonical(module))
    tree = trees.tree(file.path) if file is not None else None
    classes = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name) if tree else ()
    return {
        member: Location(file.path, part.lineno, "definition")
        for node in classes
        for part in node.body
        for member in _members(part)
        if file is not None
    }


def bound_around(trees: Trees, place: Location) -> dict[str, Location]:
    """The names that the inmost class or function around a line binds, with the first line that does."""
    inmost = _inmost(trees, place)
    found: dict[str, Location] = {}
    for part in inmost.body if inmost else ():
        for node in walk(part):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.setdefault(node.id, Location(place.path, node.lineno, "named alike"))
    return found


def read_around(trees: Trees, place: Location, name: str) -> Location | None:
    """Where the inmost class or function around a line first reads a name that it does not bind."""
    inmost = _inmost(trees, place)
    nodes = [node for node in (walk(inmost) if inmost else ()) if isinstance(node, ast.Name) and node.id == name]
    lines = [node.lineno for node in nodes if isinstance(node.ctx, ast.Load)]
    return Location(place.path, min(lines), "reads") if lines and len(lines) == len(nodes) else None


def modules_defining(names: Names, name: str) -> dict[str, Location]:
    """The modules that define a function or a class of this name, sorted."""
    return {
        module: Location(file.path, one.line, "definition")
        for module, file in sorted(names.files.items())
        for one in file.bindings
        if one.name == name and one.kind in _DEFINING
    }


def _inmost(trees: Trees, place: Location) -> ast.ClassDef | Function | None:
    nodes = [node for node in walk(trees.tree(place.path) or ast.Module([], [])) if isinstance(node, _SCOPES)]
    around = [node for node in nodes if holds(node, place.line)]
    return max(around, key=lambda node: node.lineno, default=None)


def _members(part: ast.stmt) -> list[str]:
    if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [part.name]
    targets = part.targets if isinstance(part, ast.Assign) else [part.target] if isinstance(part, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]
