"""Calls that give the fields of a class values in another order than the class declares them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from typing import NamedTuple

from kit.facts.places import Location
from kit.inventory.declarations.trees import Trees, callee
from kit.inventory.source.walking import walk

_DECORATORS = frozenset({"dataclass", "define", "frozen", "attrs", "s"})
#: what stands in each file that has such a class
_DECLARES_FIELDS = re.compile(r"\b(?:NamedTuple|dataclass|attrs?|define|frozen)\b")
#: the types of which a value shows that it is another one
_TYPES: dict[str, type | tuple[type, ...]] = {"str": str, "int": int, "float": (int, float), "bool": bool}


class Swapped(NamedTuple):
    """The class takes the fields of ``names`` in that order, the ``calls`` give them the other way round."""

    owner: str
    names: tuple[str, str]
    fields: tuple[Location, Location]
    calls: tuple[Location, ...]
    #: how many calls give both in the order of the class
    fitting: int


class _Field(NamedTuple):
    name: str
    annotation: str
    line: int


@dataclass(frozen=True)
class FieldOrder:
    """Questions about dataclasses and their like."""

    trees: Trees

    @property
    def has_classes(self) -> bool:
        """Whether there is a class that takes its fields in their order; else no question has an answer."""
        return bool(self._classes)

    @cached_property
    def swapped(self) -> Callable[[Location], Swapped | None]:
        """Two fields that a call in the function at a place gives the other way round. The answers are kept."""
        return lru_cache(maxsize=None)(self._swapped)

    def _swapped(self, place: Location) -> Swapped | None:
        function = self.trees.function_at(place) if self._classes else None
        calls = [node for node in walk(function) if isinstance(node, ast.Call)] if function else []
        for call in calls:
            path, fields = self._classes.get(callee(call), ("", []))
            if pair := next(_wrong_pairs(call, fields), None):
                return self._of_all_calls(callee(call), path, fields, pair)
        return None

    def _of_all_calls(self, owner: str, path: str, fields: Sequence[_Field], pair: tuple[int, int]) -> Swapped:
        calls = [(at, call) for at, call in self._calls(owner) if len(call.args) > max(pair)]
        wrong = tuple(Location(at, call.lineno, "called") for at, call in calls if pair in _wrong_pairs(call, fields))
        fitting = sum(pair in _pairs(call, fields, wrong=False) for _, call in calls)
        first, second = (fields[number] for number in pair)
        places = Location(path, first.line, "field"), Location(path, second.line, "field")
        return Swapped(owner, (first.name, second.name), places, wrong, fitting)

    def _calls(self, owner: str) -> Iterator[tuple[str, ast.Call]]:
        for path in (self.trees.paths[number] for number in self.trees.by_word.get(owner, ())):
            for node in walk(self.trees.tree(path) or ast.Module([], [])):
                if isinstance(node, ast.Call) and callee(node) == owner:
                    yield path, node

    @cached_property
    def _classes(self) -> dict[str, tuple[str, list[_Field]]]:
        """By name: path and fields of each class whose constructor takes its fields in their order, and whose name no
        other such class has.
        """
        found: dict[str, list[tuple[str, list[_Field]]]] = {}
        for path, tree in self.trees.matching(_DECLARES_FIELDS):
            for node in walk(tree):
                if isinstance(node, ast.ClassDef) and _takes_fields(node):
                    found.setdefault(node.name, []).append((path, list(_fields(node))))
        return {name: classes[0] for name, classes in found.items() if len(classes) == 1}


def _takes_fields(node: ast.ClassDef) -> bool:
    """Whether a class is a dataclass, of attrs or a NamedTuple, and inherits no fields that would come before."""
    bases = [ast.unparse(base).rpartition(".")[2] for base in node.bases]
    marks = [mark.func if isinstance(mark, ast.Call) else mark for mark in node.decorator_list]
    is_marked = any(ast.unparse(mark).rpartition(".")[2] in _DECORATORS for mark in marks)
    return bases == ["NamedTuple"] or (is_marked and not bases)


def _fields(node: ast.ClassDef) -> Iterator[_Field]:
    for one in node.body:
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            annotation = ast.unparse(one.annotation).strip("'\"")
            given = ast.unparse(one.value) if one.value else ""
            if "ClassVar" not in annotation and "kw_only=True" not in given and "init=False" not in given:
                yield _Field(one.target.id, annotation, one.lineno)


def _wrong_pairs(call: ast.Call, fields: Sequence[_Field]) -> Iterator[tuple[int, int]]:
    return _pairs(call, fields, wrong=True)


def _pairs(call: ast.Call, fields: Sequence[_Field], *, wrong: bool) -> Iterator[tuple[int, int]]:
    """The pairs of positions at which a call has two values that fit each other's field only, or each its own."""
    if any(isinstance(one, ast.Starred) for one in call.args):
        return
    for one, other in combinations(range(min(len(call.args), len(fields))), 2):
        first, second = (other, one) if wrong else (one, other)
        told = [
            (_fits(call.args[at], fields[given], fields[instead]), _fits(call.args[at], fields[instead], fields[given]))
            for at, given, instead in ((one, first, second), (other, second, first))
        ]
        if all(fit is not False for fit, _ in told) and any(fit and unfit is False for fit, unfit in told):
            yield one, other


def _fits(value: ast.expr, field: _Field, other: _Field) -> bool | None:
    """Whether a value is meant for a field and not for the other one, by its name or its type; ``None`` where nothing
    tells.
    """
    name = value.id if isinstance(value, ast.Name) else value.attr if isinstance(value, ast.Attribute) else ""
    if name:
        return name == field.name if name in (field.name, other.name) else None
    expected = _TYPES.get(field.annotation)
    if expected is None:
        return None
    if isinstance(value, ast.Call) and callee(value) in _TYPES:
        return callee(value) == field.annotation
    if isinstance(value, ast.Constant) and value.value is not None:
        return isinstance(value.value, expected)
    return None
