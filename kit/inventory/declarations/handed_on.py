"""Where a value was made that functions hand on as a parameter, until a line asks it for what it does not have."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from itertools import pairwise

from kit.facts.places import Location
from kit.inventory.declarations.trees import Function, Trees, callee, holds, option
from kit.inventory.source.walking import walk


def made_above(trees: Trees, frames: Sequence[Location], attribute: str) -> Location | None:
    """The line that made the value which the first of these frames asks for an attribute. The frames lead from the line
    that failed to its callers. ``None`` where no parameter hands the value on, or a caller got it from elsewhere.
    """
    name = _asked_for(trees, frames[0], attribute) if frames else None
    for below, above in pairwise(frames):
        function = trees.function_at(below)
        if function is None or name is None or _assigned(function, name, below.line):
            return None
        given = _argument(trees, above, function, name)
        caller = trees.function_at(above)
        if isinstance(given, ast.Call):
            return Location(above.path, given.lineno, "made")
        if not isinstance(given, ast.Name) or caller is None:
            return None
        if made := _assigned(caller, given.id, above.line):
            return Location(above.path, made, "made")
        name = given.id
    return None


def _asked_for(trees: Trees, place: Location, attribute: str) -> str | None:
    """The name whose attribute a line reads, also by way of others: ``column`` in ``column.table.key``."""
    for node in walk(trees.function_at(place) or ast.Module([], [])):
        if isinstance(node, ast.Attribute) and (node.attr, node.lineno) == (attribute, place.line):
            value = node.value
            while isinstance(value, ast.Attribute):
                value = value.value
            return value.id if isinstance(value, ast.Name) else None
    return None


def _assigned(function: Function, name: str, line: int) -> int | None:
    """The line of the last assignment to a name in a function before a line."""
    lines = [
        node.lineno
        for node in walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id == name and node.lineno < line
    ]
    return max(lines, default=None)


def _argument(trees: Trees, place: Location, function: Function, parameter: str) -> ast.expr | None:
    """What the call of a function around a line gives for a parameter."""
    taken = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    at = taken.index(parameter) if parameter in taken else None
    for node in walk(trees.function_at(place) or ast.Module([], [])):
        if isinstance(node, ast.Call) and callee(node) == function.name and holds(node, place.line):
            is_bound = isinstance(node.func, ast.Attribute) and taken[:1] in (["self"], ["cls"])
            given = [None, *node.args] if is_bound else [*node.args]
            by_place = at is not None and at < len(given) and not any(isinstance(one, ast.Starred) for one in given)
            return given[at] if at is not None and by_place else option(node, parameter)
    return None
