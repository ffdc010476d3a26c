"""Attributes that a class declares or reads, and that nothing sets."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from kit.facts.places import Location
from kit.inventory.declarations.attributes import lineage
from kit.inventory.declarations.trees import Function, Trees
from kit.inventory.source.roles import role_of
from kit.inventory.source.walking import walk

#: with one of these the source does not show which attributes an object has
_DYNAMIC = re.compile(r"\b(?:setattr|__dict__|__getattr__|__getattribute__|__setattr__|vars)\b")


def never_set(trees: Trees, owner: str, name: str) -> Iterator[Location]:
    """For each class called ``owner``: of it and its bases the farthest one that declares ``name`` without a value, or
    reads it of ``self``. Named are a statement of ``__init__`` that sets a neighbour of it, and the function. Nothing
    where these classes set it, or other code of the app sets an attribute of that name of any object: what a test sets,
    it sets for itself.
    """
    files = [tree for path, tree in trees.naming(name) if role_of(path) != "test"]
    if any(sets(node, name) and not _of_self(node) for tree in files for node in walk(tree)):
        return
    for classes in lineage(trees, owner):
        if any(_DYNAMIC.search(ast.unparse(node)) or gives(node, name) for _, node in classes):
            continue
        found = [[Location(path, line, "not set") for line in _lines(node, name)] for path, node in classes]
        yield from next((lines for lines in reversed(found) if lines), [])


def never_kept(trees: Trees, owner: str, name: str) -> tuple[Location, ...]:
    """The same where the ``__init__`` takes an argument of that name, and gives it to no other attribute."""
    places = tuple(never_set(trees, owner, name))
    function = trees.function_at(places[-1]) if places else None
    if function is None or name not in _arguments(function):
        return ()
    values = (getattr(one, "value", None) for one in walk(function) if isinstance(one, ast.Assign | ast.AnnAssign))
    return () if any(isinstance(one, ast.Name) and one.id == name for one in values) else places


def _lines(owner: ast.ClassDef, name: str) -> Iterator[int]:
    function = next((one for one in owner.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"), None)
    declared = _declared(owner)
    if function is None or not (name in declared or any(_reads(node, name) for node in walk(owner))):
        return
    if name not in _arguments(function) and (kept := _left_over(function, name)):
        yield kept
    yield from _beside(function, name, next((one for one in (declared, _arguments(function)) if name in one), [name]))
    yield function.lineno


def _declared(owner: ast.ClassDef) -> list[str]:
    fields = (one.target for one in owner.body if isinstance(one, ast.AnnAssign))
    return [one.id for one in fields if isinstance(one, ast.Name)]


def _beside(function: Function, name: str, order: list[str]) -> Iterator[int]:
    """The line of the statement that sets the nearest neighbour of a name in an order, one before it first."""
    at = order.index(name)
    for other in (*reversed(order[:at]), *order[at + 1 :]):
        if beside := next((one for one in function.body if any(sets(node, other) for node in walk(one))), None):
            yield beside.lineno
            return


def _left_over(function: Function, name: str) -> int | None:
    """The line of the last statement of ``__init__`` that has to do with a local variable of this name, which it makes
    and keeps nowhere.
    """
    named = [
        (one, node) for one in function.body for node in walk(one) if isinstance(node, ast.Name) and node.id == name
    ]
    is_made = any(isinstance(node.ctx, ast.Store) for _, node in named)
    return named[-1][0].lineno if is_made else None


def _arguments(function: Function) -> list[str]:
    return [one.arg for one in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]


def sets(node: ast.AST, name: str) -> bool:
    """Whether a node sets an attribute of this name, of whatever object."""
    return isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Store)


def _reads(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Load) and _of_self(node)


def _of_self(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"


def gives(owner: ast.ClassDef, name: str) -> bool:
    """Whether a class binds a name in its body, by an assignment, a function or a class, or sets it on ``self``."""
    if any(sets(node, name) for node in walk(owner)):
        return True
    for node in owner.body:
        if isinstance(node, ast.AnnAssign) and node.value is None:
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if name == getattr(node, "name", "") or name in {getattr(one, "id", "") for one in targets}:
            return True
    return False
