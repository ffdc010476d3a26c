"""Attributes that code reads and that no class declares."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from kit.facts.places import Location
from kit.inventory.declarations.attributes import lineage
from kit.inventory.declarations.never_set import gives, sets
from kit.inventory.declarations.trees import Trees
from kit.inventory.source.annotations import dotted
from kit.inventory.source.roles import role_of
from kit.inventory.source.walking import walk

#: with one of these an object has attributes that no line names
_DYNAMIC = re.compile(r"\b(?:__getattr__|__getattribute__|__dict__|vars)\b")
#: bases that bring no attributes which an app would read
_PLAIN = frozenset({"object", "ABC", "Protocol", "Generic", "Enum", "BaseModel", "BaseSettings", "NamedTuple", ""})
#: a line alone may have meant another name
_FEWEST = 2


def absent(trees: Trees, owner: str, name: str) -> tuple[Location, ...]:
    """The one class called ``owner``, where code reads an attribute ``name`` of whatever object, and no class declares
    it. Several lines outside of tests have to read it, or a test has to set it: else the line that reads it may be what
    is wrong. Empty where the source does not show which attributes the class has.
    """
    found = _lacking(trees, owner, name)
    return (found.place,) if found and (found.readers >= _FEWEST or found.is_set_by_tests) else ()


def absent_for_one(trees: Trees, owner: str, name: str) -> tuple[Location, ...]:
    """The same where one line reads it, and no test sets it: the class may lack it, or the line mean another name."""
    found = _lacking(trees, owner, name)
    return (found.place,) if found and found.readers < _FEWEST and not found.is_set_by_tests else ()


@dataclass(frozen=True)
class _Lacking:
    """A class that lacks an attribute, and how many lines outside of tests read it."""

    place: Location
    readers: int
    is_set_by_tests: bool


def _lacking(trees: Trees, owner: str, name: str) -> _Lacking | None:
    known = [classes for classes in lineage(trees, owner) if role_of(classes[0][0]) != "test"]
    if len(known) != 1 or not _is_whole([node for _, node in known[0]]):
        return None
    reads: set[tuple[str, int]] = set()
    is_set_by_tests = False
    for path, tree in trees.naming(name):
        nodes, is_test = list(walk(tree)), role_of(path) == "test"
        is_set = any(sets(node, name) for node in nodes)
        if (is_set and not is_test) or any(isinstance(node, ast.ClassDef) and gives(node, name) for node in nodes):
            return None
        is_set_by_tests |= is_set
        if not is_test:
            reads |= {(path, node.lineno) for node in nodes if isinstance(node, ast.Attribute) and node.attr == name}
    path, node = known[0][0]
    return _Lacking(Location(path, node.lineno, "lacks it"), len(reads), is_set_by_tests) if reads else None


def _is_whole(classes: Sequence[ast.ClassDef]) -> bool:
    """Whether these classes show every attribute that they have, those of their bases included."""
    if any(_DYNAMIC.search(ast.unparse(node)) for node in classes):
        return False
    names = {node.name for node in classes}
    bases = (base.value if isinstance(base, ast.Subscript) else base for node in classes for base in node.bases)
    found = [dotted(base) or "?" for base in bases]
    return all(base in names or base.rpartition(".")[2] in _PLAIN for base in found)
