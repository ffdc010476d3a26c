"""Keys of dictionaries, and fields of classes, that are probably misspelt or renamed: nearly a word that tests use, and
written nowhere else.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Set
from dataclasses import dataclass
from functools import cached_property

from kit.facts.places import Location
from kit.inventory.declarations.trees import Trees, callee
from kit.inventory.source.roles import role_of
from kit.inventory.source.walking import walk

_WORD = re.compile(r"[A-Za-z_]\w{3,}")
#: letters that differ at most; in a short word one is much
_SHORT, _FEW, _MORE = 8, 1, 2
#: what makes another word of a word, and no misspelt one: a plural, a participle, a number
_ENDING = re.compile(r"(?:e?[sdrn]|ing|y|_?\d+|_id)?")
_DIGIT = re.compile(r"\d")
#: the nodes that have keys or fields
_WITH_NAMES = (ast.Dict, ast.Call, ast.ClassDef)


@dataclass(frozen=True)
class _Key:
    name: str
    place: Location
    #: the keys of the same dictionary, or the same class and its fields
    beside: frozenset[str]


@dataclass(frozen=True)
class MisspeltKeys:
    """Questions about the keys of the dictionaries that the target's own files write down, and about the fields of its
    classes, those beside fixtures too: what turns objects into dictionaries makes keys of these.
    """

    trees: Trees

    def instead_of(
        self, word: str, paths: Collection[str], said: Set[str] = frozenset()
    ) -> tuple[str, Location] | None:
        """The key, and its line, that stands in one of these files in place of a word. A field counts where it, its
        class or a field beside it is among what a test has ``said``.
        """
        if not _WORD.fullmatch(word):
            return None
        found = [one for one in self._like(word) if one.place.path in paths and word not in one.beside]
        found = [one for one in found if one.place.role == "key" or not said.isdisjoint({one.name, *one.beside})]
        alone = [one for one in found if self._is_written_once(one.name)]
        return (alone[0].name, alone[0].place) if len(alone) == 1 else None

    def _like(self, word: str) -> Iterator[_Key]:
        from rapidfuzz import process  # it takes a while to import, and few runs have a word to compare
        from rapidfuzz.distance import OSA

        most = _FEW if len(word) < _SHORT else _MORE
        for name, _, _ in process.extract(word, list(self._keys), scorer=OSA.distance, score_cutoff=most, limit=None):
            if name != word and not _is_another_word(name, word):
                yield from self._keys[name]
        for name in self._keys:
            if name.startswith(f"{word}_") and not _is_another_word(name, word):
                yield from (one for one in self._keys[name] if one.place.role == "field")

    @cached_property
    def _keys(self) -> dict[str, list[_Key]]:
        found: dict[str, list[_Key]] = {}
        for path in self.trees.paths:
            of_tests = role_of(path) == "test"
            if of_tests and "fixture" not in self.trees.text(path):
                continue
            for node in walk(self.trees.tree(path) or ast.Module([], [])):
                if not isinstance(node, _WITH_NAMES):
                    continue
                keys = [] if of_tests else list(_keys_of(node))
                fields = list(_fields_of(node))
                beside = frozenset((*(name for name, _ in (*keys, *fields)), getattr(node, "name", "")))
                for role, pairs in (("key", keys), ("field", fields)):
                    for name, line in pairs:
                        found.setdefault(name, []).append(_Key(name, Location(path, line, role), beside))
        return found

    def _is_written_once(self, name: str) -> bool:
        word = re.compile(rf"\b{re.escape(name)}\b")
        files = (self.trees.paths[number] for number in self.trees.by_word.get(name, ()))
        return sum(len(word.findall(self.trees.text(path))) for path in files) == 1


def _keys_of(node: ast.AST) -> Iterator[tuple[str, int]]:
    """The keys that a display of a dictionary, or a call of ``dict``, writes down, with their lines."""
    if isinstance(node, ast.Dict):
        for key in node.keys:
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and _WORD.fullmatch(key.value):
                yield key.value, key.lineno
    elif isinstance(node, ast.Call) and callee(node) == "dict":
        yield from ((one.arg, one.value.lineno) for one in node.keywords if one.arg and _WORD.fullmatch(one.arg))


def _fields_of(node: ast.AST) -> Iterator[tuple[str, int]]:
    """The names that the body of a class gives a value or a type, with their lines."""
    for part in node.body if isinstance(node, ast.ClassDef) else ():
        targets = (
            part.targets if isinstance(part, ast.Assign) else [part.target] if isinstance(part, ast.AnnAssign) else []
        )
        yield from ((one.id, part.lineno) for one in targets if isinstance(one, ast.Name) and _WORD.fullmatch(one.id))


def _is_another_word(one: str, other: str) -> bool:
    """Whether two like words are two words: they differ in an ending or in a number."""
    shorter, longer = sorted((one, other), key=len)
    if longer.startswith(shorter) and _ENDING.fullmatch(longer[len(shorter) :]):
        return True
    return _DIGIT.sub("", one) == _DIGIT.sub("", other)
