"""What the source of mapped classes says of their values: validators, and the column that tells a hierarchy apart."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kit.facts.places import Location
from kit.inventory.declarations.statements import idle_statements
from kit.inventory.declarations.trees import Trees, callee
from kit.inventory.source.annotations import dotted


@dataclass(frozen=True)
class MappedSource:
    """Questions about classes by their names."""

    trees: Trees

    def validators_without_answer(self, owner: str, name: str) -> tuple[Location, ...]:
        """The last lines of those validators of an attribute, in classes called ``owner``, that return nothing."""
        found: list[Location] = []
        for path, node in self._classes(owner):
            for function in (one for one in node.body if isinstance(one, ast.FunctionDef)):
                marks = (mark for mark in function.decorator_list if callee(mark) == "validates")
                named = {one.value for mark in marks for one in ast.walk(mark) if isinstance(one, ast.Constant)}
                if name in named:
                    found += (Location(path, one.lineno, "returns nothing") for one in idle_statements(function))
        return tuple(found)

    def discriminators(self, owner: str) -> dict[str, Location]:
        """The columns that tell the classes of a hierarchy apart, as classes called ``owner`` name them."""
        found: dict[str, Location] = {}
        for path, owning in self._classes(owner):
            for node in ast.walk(owning):
                pairs = zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ()
                for key, value in pairs:
                    if isinstance(key, ast.Constant) and key.value == "polymorphic_on":
                        column = value.value if isinstance(value, ast.Constant) else dotted(value)
                        found[str(column).rpartition(".")[2]] = Location(path, value.lineno, "discriminator")
        return found

    def _classes(self, name: str) -> Iterator[tuple[str, ast.ClassDef]]:
        for path, tree in self.trees.matching(re.compile(rf"\bclass {re.escape(name)}\b"), name):
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef) and node.name == name:
                    yield path, node
