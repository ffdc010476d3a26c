"""Where a definition writes down a value."""

from __future__ import annotations

import ast
from collections.abc import Collection

from kit.facts.places import Location
from kit.inventory.asked.trees import Trees


def places_of_values(trees: Trees, place: Location, values: Collection[object]) -> tuple[Location, ...]:
    """The lines of the function at or around a place that hold one of these numbers or strings, each of which stands on
    one line of it only.
    """
    function = trees.function_at(place)
    lines: dict[object, set[int]] = {}
    for node in ast.walk(function) if function else ():
        if isinstance(node, ast.Constant) and not isinstance(node.value, bool) and node.value in values:
            lines.setdefault(node.value, set()).add(node.lineno)
    alone = sorted({line for found in lines.values() if len(found) == 1 for line in found})
    return tuple(Location(place.path, line, "value") for line in alone)
