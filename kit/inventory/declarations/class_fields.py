"""What the attributes of classes are given where they are declared: defaults, and the options of mapped attributes."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from kit.facts.places import Location
from kit.inventory.declarations.absent import absent, absent_for_one
from kit.inventory.declarations.attributes import attributes_named, called_with, declared_attributes, heirs
from kit.inventory.declarations.never_set import never_kept, never_set
from kit.inventory.declarations.trees import Trees, assigned, callee, first_line
from kit.inventory.declarations.unkept import unkept_argument
from kit.inventory.source.roles import role_of
from kit.inventory.source.walking import walk

_MAPPED = re.compile(r"\b(?:relationship|Relationship|mapped_column|Column|backref)\(")
_RELATIONSHIPS = frozenset({"relationship", "Relationship"})
_ATTRIBUTES = _RELATIONSHIPS | {"mapped_column", "Column", "Field"}
#: what decides which values an attribute has, and in which order
_SHAPING = frozenset({"order_by", "collection_class", "default", "default_factory", "server_default", "onupdate"})
_MANY = frozenset({"list", "List", "set", "Set", "Sequence", "dict", "Dict"})
_DELETING = frozenset({"all", "delete", "orphan"})
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class ClassFields:
    """Questions about attributes by their names."""

    trees: Trees

    def declared(self, owner: str) -> tuple[dict[str, Location], ...]:
        """By class of this name: what it and its bases declare."""
        return declared_attributes(self.trees, owner)

    def unkept(self, owner: str, name: str) -> tuple[Location, ...]:
        """Where the ``__init__`` of classes called ``owner`` should keep an argument that it takes."""
        return tuple(unkept_argument(self.trees, owner, name)) or never_kept(self.trees, owner, name)

    def never_set(self, owner: str, name: str) -> tuple[Location, ...]:
        """Where the ``__init__`` of classes called ``owner`` should set an attribute of theirs that nothing sets."""
        return tuple(never_set(self.trees, owner, name))

    def absent(self, owner: str, name: str) -> tuple[Location, ...]:
        """The class called ``owner``, if several lines read an attribute that no class declares, or a test sets it."""
        return absent(self.trees, owner, name)

    def absent_for_one(self, owner: str, name: str) -> tuple[Location, ...]:
        """The class called ``owner``, if one line reads an attribute that no class declares, and no test sets it."""
        return absent_for_one(self.trees, owner, name)

    def made_at(self, place: Location, keyword: str) -> tuple[str, ...]:
        """The names of what is called around a line with this keyword, the inmost call first."""
        return called_with(self.trees, place, keyword)

    def heirs(self, owner: str) -> frozenset[str]:
        """The names of the classes that inherit from a class of this name."""
        return heirs(self.trees, owner)

    def default_before(self, place: Location, names: Collection[str]) -> tuple[Location, ...]:
        """The last field with a default that stands before one of these names, in the class at a place."""
        nodes = walk(self.trees.tree(place.path) or ast.Module([], []))
        whole = next((node for node in nodes if isinstance(node, ast.ClassDef) and _stands(node, place)), None)
        fields = [node for node in whole.body if isinstance(node, ast.AnnAssign)] if whole else []
        at = next((at for at, node in enumerate(fields) if getattr(node.target, "id", "") in names), 0)
        before = [node.lineno for node in fields[:at] if node.value is not None]
        return tuple(Location(place.path, line, "default") for line in before[-1:])

    def named(self, names: Collection[str], paths: Iterable[str]) -> tuple[Location, ...]:
        """The lines of these files at which classes declare attributes of these names."""
        return attributes_named(self.trees, names, paths)

    def shaping(self, names: Collection[str]) -> tuple[Location, ...]:
        """The options that decide which values mapped attributes of these names have."""
        return tuple(
            Location(path, one.value.lineno, "option")
            for path, name, call, _ in self._attributes()
            if name in names
            for one in call.keywords
            if one.arg in _SHAPING
        )

    def keeping(self, owners: Collection[str]) -> tuple[tuple[Location, bool], ...]:
        """The relationships to many of these classes that do not delete what their parent loses: the line of the
        cascade that leaves that out, and ``True``; else the line of the relationship, and ``False``.
        """
        found = []
        for path, _, call, target in self._attributes():
            options = {one.arg: one.value for one in call.keywords}
            if callee(call) not in _RELATIONSHIPS or target.isdisjoint(owners) or "remote_side" in options:
                continue
            cascade = options.get("cascade")
            if cascade is None and (target & _MANY or not target - {"Mapped"} - set(owners)):
                found.append((Location(path, call.lineno, "relationship"), False))
            elif cascade is not None and _DELETING.isdisjoint(_words([cascade])):
                found.append((Location(path, cascade.lineno, "option"), True))
        return tuple(found)

    def _attributes(self) -> Iterator[tuple[str, str, ast.Call, frozenset[str]]]:
        """Path, name and value of each mapped attribute, and the words that say what a relationship leads to."""
        for path, tree in self.trees.matching(_MAPPED, "relationship", "Relationship", "mapped_column", "Column"):
            if role_of(path) == "test":
                continue
            for node in walk(tree):
                for name, value, annotation in _given(node):
                    if isinstance(value, ast.Call) and callee(value) in _ATTRIBUTES:
                        yield path, name, value, _words([*value.args[:1], *annotation])


def _given(node: ast.AST) -> Iterable[tuple[str, ast.expr, list[ast.expr]]]:
    """The names that a statement or a dictionary gives a value."""
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [(str(key.value), value, []) for key, value in pairs if isinstance(key, ast.Constant)]
    bound = assigned(node)
    return [(*bound, [node.annotation] if isinstance(node, ast.AnnAssign) else [])] if bound else []


def _words(nodes: Iterable[ast.expr]) -> frozenset[str]:
    return frozenset(word for node in nodes for word in _WORD.findall(ast.unparse(node)))


def _stands(node: ast.ClassDef, place: Location) -> bool:
    return first_line(node) <= place.line <= node.lineno
