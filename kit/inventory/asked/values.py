"""Where a definition writes down a value."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from kit.facts.places import Location
from kit.inventory.asked.trees import Trees, assigned

#: they stand in any module
_COMMON = frozenset({0, 1, 2, "", "id", "name"})


def places_of_values(trees: Trees, place: Location, values: Collection[object]) -> tuple[Location, ...]:
    """The lines of the function or class at a place, and of the module's values that it names, that hold one of these
    numbers or strings which no other of these lines holds. Of a module that is ``imported`` all lines are looked at,
    for values that are not too common.
    """
    module = trees.tree(place.path) or ast.Module([], [])
    if place.role == "imported":
        parts: list[ast.AST] = [module]
        values = {value for value in values if value not in _COMMON}
    else:
        definition = trees.class_at(place) or trees.function_at(place) or ast.Module([], [])
        parts = [definition, *_named_values(definition, module)]
    lines: dict[object, set[int]] = {}
    for part in parts:
        for node in ast.walk(part):
            if isinstance(node, ast.Constant) and not isinstance(node.value, bool) and node.value in values:
                lines.setdefault(node.value, set()).add(node.lineno)
    alone = sorted({line for found in lines.values() if len(found) == 1 for line in found})
    return tuple(Location(place.path, line, "value") for line in alone)


def _named_values(definition: ast.AST, module: ast.Module) -> Iterator[ast.expr]:
    """What the module assigns to names that a definition reads."""
    read = {node.id for node in ast.walk(definition) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    for statement in module.body:
        bound = assigned(statement)
        if bound and bound[0] in read:
            yield bound[1]
