"""Attributes that a class declares or reads, and that nothing sets."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from kit.facts.places import Location
from kit.inventory.declarations.attributes import lineage
from kit.inventory.declarations.trees import Trees
from kit.inventory.source.walking import walk

#: with one of these the source does not show which attributes an object has
_DYNAMIC = re.compile(r"\b(?:setattr|__dict__|__getattr__|__getattribute__|__setattr__|vars)\b")


def never_set(trees: Trees, owner: str, name: str) -> Iterator[Location]:
    """For each class called ``owner``, and for its bases, that declare ``name`` without a value or read it of ``self``:
    a statement of ``__init__`` that sets a neighbour of it, and the function. Nothing where these classes set it, or
    other code sets an attribute of that name of any object.
    """
    files = trees.matching(re.compile(rf"\b{re.escape(name)}\b"), name)
    if any(_sets(node, name) and not _of_self(node) for _, tree in files for node in walk(tree)):
        return
    for classes in lineage(trees, owner):
        if any(_DYNAMIC.search(ast.unparse(node)) or _gives(node, name) for _, node in classes):
            continue
        for path, node in classes:
            yield from (Location(path, line, "not set") for line in _lines(node, name))


def _lines(owner: ast.ClassDef, name: str) -> Iterator[int]:
    function = next((one for one in owner.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"), None)
    declared = [
        one.target.id for one in owner.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    ]
    if function is None or not (name in declared or any(_reads(node, name) for node in walk(owner))):
        return
    at = declared.index(name) if name in declared else 0
    for other in (*declared[at + 1 :], *reversed(declared[:at])) if name in declared else ():
        if beside := next((one for one in function.body if any(_sets(node, other) for node in walk(one))), None):
            yield beside.lineno
            break
    yield function.lineno


def _sets(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Store)


def _reads(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Load) and _of_self(node)


def _of_self(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"


def _gives(owner: ast.ClassDef, name: str) -> bool:
    """Whether a class binds a name in its body, by an assignment, a function or a class, or sets it on ``self``."""
    if any(_sets(node, name) for node in walk(owner)):
        return True
    for node in owner.body:
        if isinstance(node, ast.AnnAssign) and node.value is None:
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if name == getattr(node, "name", "") or name in {getattr(one, "id", "") for one in targets}:
            return True
    return False
