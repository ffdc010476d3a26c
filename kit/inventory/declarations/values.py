"""Where a definition writes down a value."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from typing import TypeGuard

from kit.facts.places import Location
from kit.inventory.declarations.trees import Trees, assigned
from kit.inventory.source.walking import walk

#: they stand in any module
_COMMON = frozenset({"0", "1", "2", "''", "'id'", "'name'"})


def places_of_values(trees: Trees, place: Location, values: Collection[str]) -> tuple[Location, ...]:
    """The lines of the function or class at a place, and of the module's values that it names, that hold one of these
    literals which no other of these lines holds; a truth value only where it is assigned or returned. Of a module that
    is ``imported`` all lines are looked at, for values that are not too common.
    """
    module = trees.tree(place.path) or ast.Module([], [])
    if place.role == "imported":
        parts: list[ast.AST] = [module]
        values = set(values) - _COMMON
    else:
        definition = trees.class_at(place) or trees.function_at(place) or ast.Module([], [])
        parts = [definition, *_named_values(definition, module)]
    lines: dict[str, set[int]] = {}
    for part in parts:
        for node in _constants(part):
            if repr(node.value) in values:
                lines.setdefault(repr(node.value), set()).add(node.lineno)
    alone = sorted({line for found in lines.values() if len(found) == 1 for line in found})
    return tuple(Location(place.path, line, "value") for line in alone)


def _constants(part: ast.AST) -> Iterator[ast.Constant]:
    """The constants in a tree; of truth values, which stand for so much, those that decide something by themselves."""
    for node in walk(part):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.Return) and _is_truth(node.value):
            yield node.value
        elif isinstance(node, ast.Constant) and not _is_truth(node):
            yield node


def _is_truth(node: ast.expr | None) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, bool)


def _named_values(definition: ast.AST, module: ast.Module) -> Iterator[ast.stmt]:
    """The module's assignments to names that a definition reads."""
    read = {node.id for node in walk(definition) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    for statement in module.body:
        bound = assigned(statement)
        if bound and bound[0] in read:
            yield statement
