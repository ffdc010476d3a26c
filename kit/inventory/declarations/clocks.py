"""Functions that tell the time with its zone.

https://docs.python.org/3/library/datetime.html#datetime.datetime.now
"""

from __future__ import annotations

import ast
import re

from kit.facts.places import Location
from kit.inventory.declarations.trees import Trees, callee
from kit.inventory.names.names import Names
from kit.inventory.source.roles import role_of

_NOW = re.compile(r"\.now\(")


def aware_clocks(trees: Trees, names: Names) -> dict[str, Location]:
    """The functions of modules that return ``datetime.now(zone)`` and need no argument, by their dotted names."""
    modules = {file.path: module for module, file in names.files.items() if role_of(file.path) == "production"}
    return {
        f"{modules[path]}.{node.name}": Location(path, node.lineno, "clock")
        for path, tree in trees.matching(_NOW, "now")
        if path in modules
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and _tells_time(node)
    }


def _tells_time(node: ast.FunctionDef) -> bool:
    last = node.body[-1]
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    documented = len(node.body) == 1 or (len(node.body) == 2 and ast.get_docstring(node) is not None)
    return (
        not given
        and documented
        and isinstance(last, ast.Return)
        and isinstance(last.value, ast.Call)
        and callee(last.value) == "now"
        and len(last.value.args) + len(last.value.keywords) == 1
    )
