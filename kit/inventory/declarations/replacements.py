"""What tests put in the place of a function or class, and what the code under test uses all the same.

A module that has imported a name has a name of its own: patching it where it is defined changes nothing there. A
dependency of FastAPI is replaced by the function itself, not by its name.
https://docs.python.org/3/library/unittest.mock.html#where-to-patch
https://fastapi.tiangolo.com/advanced/testing-dependencies/
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from kit.facts.declarations import Replacement
from kit.facts.places import Location
from kit.inventory.declarations.trees import Trees, callee
from kit.inventory.names.calls import patch_targets
from kit.inventory.names.names import Names
from kit.inventory.source.roles import role_of
from kit.inventory.source.walking import walk

_OVERRIDING = re.compile(r"\bdependency_overrides\b")
_DEPENDING = re.compile(r"\b(?:Depends|Security)\b")
_AT_IMPORT = frozenset({"module", "try", "class"})


class Replacements:
    """The replacements that miss: each has another name under which the original is used."""

    def __init__(self, trees: Trees, names: Names) -> None:
        self._trees, self._names = trees, names

    @cached_property
    def missing(self) -> tuple[tuple[Replacement, ...], ...]:
        """Those of patches and of dependencies, together where they replace one thing for which one name stands."""
        alike = defaultdict[tuple[str, str], list[Replacement]](list)
        for one in (*self._patched(), *self._overridden()):
            alike[one.target, one.instead].append(one)
        return tuple(map(tuple, alike.values()))

    def _patched(self) -> Iterator[Replacement]:
        for one in patch_targets(self._names, self._trees.root):
            name = one.target.rpartition(".")[2]
            if one.exists and one.module and self._defines(one.module, name):
                original = self._names.files[one.module].path, name
                at = Location(one.path, one.line, "patched")
                for instead, place in self._importing.get((one.module, name), ()):
                    yield Replacement(one.target, at, self._function_around(at), *original, instead, place)

    def _defines(self, module: str, name: str) -> bool:
        """Whether a module defines the name itself, as a function or class."""
        bindings = self._names.files[module].bindings
        return any(one.name == name and one.kind in ("def", "class") for one in bindings)

    @cached_property
    def _importing(self) -> dict[tuple[str, str], list[tuple[str, Location]]]:
        """By module and name: the names that other modules outside of tests give it when they are imported."""
        found = defaultdict[tuple[str, str], list[tuple[str, Location]]](list)
        for module, file in self._names.files.items():
            for statement in file.imports if role_of(file.path) != "test" else ():
                if statement.kind == "from" and statement.scope in _AT_IMPORT:
                    source = self._names.modules.source_of(file.path, statement) or ""
                    place = Location(file.path, statement.line, "import")
                    for item in statement.names:
                        found[source, item.name].append((f"{module}.{item.alias or item.name}", place))
        return dict(found)

    def _overridden(self) -> Iterator[Replacement]:
        for path, node in overrides(self._trees):
            if (target := self._resolved(path, node.slice)) and target not in self._depended:
                at = Location(path, node.lineno, "override")
                for instead, (original, place) in self._depended.items():
                    if instead.rpartition(".")[2] == target.rpartition(".")[2]:
                        yield Replacement(target, at, self._function_around(at), *original, instead, place)

    @cached_property
    def _depended(self) -> dict[str, tuple[tuple[str, str], Location]]:
        """The functions of the target that something depends on, by their dotted names: path and name, and where."""
        found: dict[str, tuple[tuple[str, str], Location]] = {}
        for path, tree in self._trees.matching(_DEPENDING, "Depends", "Security"):
            for node in walk(tree):
                if isinstance(node, ast.Call) and callee(node) in ("Depends", "Security") and node.args:
                    dotted = self._resolved(path, node.args[0])
                    module, _, name = dotted.rpartition(".")
                    if module in self._names.files:
                        original = self._names.files[module].path, name
                        found.setdefault(dotted, (original, Location(path, node.lineno, "depends")))
        return found

    def _resolved(self, path: str, node: ast.expr) -> str:
        module = self._names.modules.names.get(path)
        is_name = isinstance(node, ast.Name | ast.Attribute)
        return self._names.resolve(module, ast.unparse(node), in_function=True).dotted if module and is_name else ""

    def _function_around(self, place: Location) -> str:
        node = self._trees.function_at(place)
        return node.name if node else ""


def overrides(trees: Trees) -> Iterator[tuple[str, ast.Subscript]]:
    """The places of ``….dependency_overrides[…] = …``: path and node."""
    for path, tree in trees.matching(_OVERRIDING, "dependency_overrides"):
        for node in walk(tree):
            if (
                isinstance(node, ast.Subscript)
                and isinstance(node.ctx, ast.Store)
                and isinstance(node.value, ast.Attribute)
                and node.value.attr == "dependency_overrides"
            ):
                yield path, node
