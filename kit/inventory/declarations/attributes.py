"""Which attributes classes and their bases declare: also classes inside functions, of which no mapper is known."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from kit.facts.places import Location
from kit.inventory.declarations.trees import Trees, assigned, callee, option
from kit.inventory.source.annotations import dotted
from kit.inventory.source.walking import walk

_DEEPEST = 12


def declared_attributes(trees: Trees, owner: str) -> tuple[dict[str, Location], ...]:
    """For each class of this name: what it and its bases declare, by name."""
    return tuple(_declared_by(classes) for classes in lineage(trees, owner))


def attributes_named(trees: Trees, names: Collection[str], paths: Iterable[str]) -> tuple[Location, ...]:
    """The lines of these files at which classes declare attributes of these names."""
    return tuple(
        Location(path, line, "declared")
        for path in sorted(paths)
        for node in walk(trees.tree(path) or ast.Module([], []))
        for name, line in (_declared(node) if isinstance(node, ast.ClassDef) else ())
        if name in names
    )


def called_with(trees: Trees, place: Location, keyword: str) -> tuple[str, ...]:
    """The names of what is called around a line with this keyword, the inmost call first."""
    found = [
        (node.lineno, node.col_offset, callee(node))
        for node in walk(trees.tree(place.path) or ast.Module([], []))
        if isinstance(node, ast.Call) and node.lineno <= place.line <= (node.end_lineno or 0)
        if option(node, keyword) is not None
    ]
    return tuple(name for _, _, name in sorted(found, reverse=True))


def lineage(trees: Trees, owner: str) -> tuple[list[tuple[str, ast.ClassDef]], ...]:
    """For each class of this name: its path and itself, then those of its bases, the nearest first."""
    return tuple(list(_with_bases(trees, path, node, _DEEPEST)) for path, node in _classes(trees, owner))


def heirs(trees: Trees, owner: str) -> frozenset[str]:
    """The names of the classes that inherit from a class of this name, directly or through others."""
    found: set[str] = set()
    ahead = [owner]
    while ahead:
        base = ahead.pop()
        nodes = (node for _, tree in trees.naming(base) for node in walk(tree) if isinstance(node, ast.ClassDef))
        new = {node.name for node in nodes if any((dotted(one) or "").rpartition(".")[2] == base for one in node.bases)}
        ahead += new - found - {owner}
        found |= new - {owner}
    return frozenset(found)


def _with_bases(trees: Trees, path: str, node: ast.ClassDef, deepest: int) -> Iterator[tuple[str, ast.ClassDef]]:
    """A class and its bases. Of several bases of a name the last one above the class counts."""
    yield path, node
    for base in map(dotted, node.bases) if deepest else ():
        known = list(_classes(trees, base.rpartition(".")[2])) if base else []
        above = [one for one in known if one[0] == path and one[1].lineno < node.lineno]
        for base_path, base_node in above[-1:] or known[:1]:
            yield from _with_bases(trees, base_path, base_node, deepest - 1)


def _declared_by(classes: Sequence[tuple[str, ast.ClassDef]]) -> dict[str, Location]:
    """What classes declare; what the first one declares counts."""
    found: dict[str, Location] = {}
    for path, node in classes:
        found = {name: Location(path, line, "definition") for name, line in _declared(node)} | found
    return found


def _classes(trees: Trees, name: str) -> Iterator[tuple[str, ast.ClassDef]]:
    for path, tree in trees.matching(re.compile(rf"\bclass {re.escape(name)}\b"), name):
        named = (node for node in walk(tree) if isinstance(node, ast.ClassDef) and node.name == name)
        yield from ((path, node) for node in sorted(named, key=lambda node: node.lineno))


def _declared(owner: ast.ClassDef) -> Iterator[tuple[str, int]]:
    """What the body of a class binds, and what its methods assign to ``self``."""
    for node in owner.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _set_on_self(node)
            yield node.name, node.lineno
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):  # a field without a value too
            yield node.target.id, node.lineno
        elif bound := assigned(node):
            yield bound[0], node.lineno


def _set_on_self(method: ast.AST) -> Iterator[tuple[str, int]]:
    for node in walk(method):
        match node:
            case ast.Attribute(value=ast.Name(id="self"), attr=name, lineno=line, ctx=ast.Store()):
                yield name, line
