"""What the source of mapped classes says of their values: validators, and the column that tells a hierarchy apart."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kit.facts.places import Location
from kit.inventory.declarations.definitions import names_of_tables
from kit.inventory.declarations.statements import idle_statements
from kit.inventory.declarations.trees import Trees, callee
from kit.inventory.source.annotations import dotted
from kit.inventory.source.walking import walk
from kit.probes.source.file_record import IMPERATIVE_CALLS

_MAPS = re.compile(rf"\b(?:{'|'.join(sorted(IMPERATIVE_CALLS))})\(")
_FIELD_VALIDATORS = re.compile(r"@\w*\.?(?:field_)?validator\(")


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
                named = {one.value for mark in marks for one in walk(mark) if isinstance(one, ast.Constant)}
                if name in named:
                    found += (Location(path, one.lineno, "returns nothing") for one in idle_statements(function))
        return tuple(found)

    def silent_on(self, name: str) -> tuple[Location, ...]:
        """The last lines of the validators of a field of this name, in any class that checks data, that return none."""
        found: list[Location] = []
        for path, tree in self.trees.matching(_FIELD_VALIDATORS, "field_validator", "validator"):
            for function in (one for one in walk(tree) if isinstance(one, ast.FunctionDef)):
                marks = (mark for mark in function.decorator_list if callee(mark) in ("field_validator", "validator"))
                named = {one.value for mark in marks for one in walk(mark) if isinstance(one, ast.Constant)}
                if name in named:
                    found += (Location(path, one.lineno, "returns nothing") for one in idle_statements(function))
        return tuple(found)

    def emptied(self, place: Location, attribute: str) -> tuple[Location, ...]:
        """Why an argument is ``None`` of which a line reads an attribute: the last lines of the validators of its class
        that return nothing.
        """
        function = self.trees.function_at(place)
        read = [] if function is None else [node for node in walk(function) if isinstance(node, ast.Attribute)]
        names = {
            node.value.id
            for node in read
            if node.lineno == place.line and node.attr == attribute and isinstance(node.value, ast.Name)
        }
        arguments = [*function.args.args, *function.args.kwonlyargs] if function else []
        classes = {
            (dotted(one.annotation) or "").rpartition(".")[2]
            for one in arguments
            if one.annotation and one.arg in names
        }
        return tuple(
            Location(path, one.lineno, "returns nothing")
            for name in sorted(classes - {""})
            for path, node in self._classes(name)
            for function in node.body
            if isinstance(function, ast.FunctionDef)
            and any(callee(mark) == "model_validator" for mark in function.decorator_list)
            for one in idle_statements(function)
        )

    @property
    def tables(self) -> dict[str, Location]:
        """The names of all tables that are made by ``Table("name", …)``, with the first call of each."""
        return names_of_tables(self.trees)

    def mapping_calls(self, name: str) -> tuple[Location, ...]:
        """The calls that map a class called ``name`` imperatively."""
        return tuple(
            Location(path, node.lineno, "maps")
            for path, tree in self.trees.matching(_MAPS, *IMPERATIVE_CALLS)
            for node in walk(tree)
            if isinstance(node, ast.Call) and callee(node) in IMPERATIVE_CALLS and len(node.args) > 1
            if (dotted(node.args[0]) or "").rpartition(".")[2] == name
        )

    def discriminators(self, owner: str) -> dict[str, Location]:
        """The columns that tell the classes of a hierarchy apart, as classes called ``owner`` name them."""
        found: dict[str, Location] = {}
        for path, owning in self._classes(owner):
            for node in walk(owning):
                pairs = zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ()
                for key, value in pairs:
                    if isinstance(key, ast.Constant) and key.value == "polymorphic_on":
                        column = value.value if isinstance(value, ast.Constant) else dotted(value)
                        found[str(column).rpartition(".")[2]] = Location(path, value.lineno, "discriminator")
        return found

    def _classes(self, name: str) -> Iterator[tuple[str, ast.ClassDef]]:
        for path, tree in self.trees.matching(re.compile(rf"\bclass {re.escape(name)}\b"), name):
            for node in walk(tree):
                if isinstance(node, ast.ClassDef) and node.name == name:
                    yield path, node
