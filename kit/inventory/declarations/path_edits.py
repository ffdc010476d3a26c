"""The lines that put folders on ``sys.path``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from kit.facts.places import Location
from kit.inventory.declarations.trees import Trees
from kit.inventory.source.annotations import dotted
from kit.inventory.source.roles import role_of
from kit.inventory.source.walking import walk

_CONCERNED = re.compile(r"\bsys\.path\b")
_CHANGING = frozenset({"sys.path.insert", "sys.path.append", "sys.path.extend", "site.addsitedir"})


def read_path_edits(trees: Trees) -> tuple[Location, ...]:
    """All of them, those of tests in front; scripts change the path of their own runs only, and are left out."""
    found = (
        Location(path, line, "sys.path")
        for path, tree in trees.matching(_CONCERNED)
        if role_of(path) in ("production", "test")
        for line in _edits(tree)
    )
    return tuple(sorted(found, key=lambda place: (role_of(place.path) != "test", place)))


def _edits(tree: ast.Module) -> Iterator[int]:
    for node in walk(tree):
        called = isinstance(node, ast.Call) and dotted(node.func) in _CHANGING
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        added = isinstance(node, ast.Assign | ast.AugAssign) and _is_path(target)
        if called or added:
            yield node.lineno  # type: ignore[attr-defined]


def _is_path(target: ast.expr | None) -> bool:
    inner = target.value if isinstance(target, ast.Subscript) else target
    return dotted(inner) == "sys.path"
