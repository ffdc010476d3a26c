"""Extensions of Flask that modules make without an app, and what hands one to them later.

https://flask.palletsprojects.com/en/stable/extensiondev/#the-extension-class-and-initialization
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property

from kit.facts.places import Location
from kit.inventory.declarations.trees import Trees, callee
from kit.inventory.names.names import Names
from kit.inventory.source.walking import walk

_APP = re.compile(r"\bFlask\(")
_REGISTERING = re.compile(r"\.init_app\(")


@dataclass(frozen=True)
class FlaskExtensions:
    """Questions about the extensions of a target."""

    trees: Trees
    names: Names

    def instances(self, kind: str) -> dict[str, Location]:
        """The values of modules that a call of the class makes without an app, by their dotted names."""
        found = {}
        for path, tree in self.trees.matching(re.compile(rf"\b{kind}\("), kind):
            module = self.names.modules.names.get(path)
            for node in tree.body if module else ():
                if isinstance(node, ast.Assign | ast.AnnAssign) and _makes_without_app(node.value, kind):
                    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                    if isinstance(target, ast.Name):
                        found[f"{module}.{target.id}"] = Location(path, node.lineno, "extension")
        return found

    @cached_property
    def registered(self) -> dict[str, tuple[Location, ...]]:
        """By dotted name: the calls of its ``init_app``."""
        found: dict[str, tuple[Location, ...]] = {}
        for path, tree in self.trees.matching(_REGISTERING, "init_app"):
            module = self.names.modules.names.get(path)
            for node in walk(tree) if module else ():
                if isinstance(node, ast.Call) and callee(node) == "init_app" and isinstance(node.func, ast.Attribute):
                    dotted = self.names.resolve(str(module), ast.unparse(node.func.value), in_function=True).dotted
                    found[dotted] = (*found.get(dotted, ()), Location(path, node.lineno, "registered"))
        return found

    @cached_property
    def apps(self) -> tuple[Location, ...]:
        """The lines that make an app."""
        return tuple(
            Location(path, node.lineno, "app")
            for path, tree in self.trees.matching(_APP, "Flask")
            for node in walk(tree)
            if isinstance(node, ast.Call) and callee(node) == "Flask"
        )


def _makes_without_app(value: ast.expr | None, kind: str) -> bool:
    if not isinstance(value, ast.Call) or callee(value) != kind:
        return False
    return not value.args and not any(one.arg == "app" for one in value.keywords)
