"""Which lines of the target say what a failing test says: the words and values that they share.

A test that only compares fails in itself. What it compares (a key of an answer, a header, a status, a sentence) is
often written in a few lines of the code that the test reaches through names: functions that it calls, views that
answer, parameters, annotations, schemas. A rare word tells more than a common one, a near line more than a far one.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import log

from kit.facts.places import Location
from kit.inventory.declarations.reasons import made_at, reasons_at
from kit.inventory.declarations.trees import OfTree, Trees, callee, first_line, holds
from kit.inventory.source.walking import walk

_TESTS = re.compile(r"(?:^|/)(?:tests?/|test_[^/]*$|[^/]*_tests?\.py$|conftest\.py$)")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
#: what tests ask of every answer, by these names
_OF_ANSWERS = frozenset({"status_code", "json", "headers", "text", "data", "content", "get", "post", "put", "delete"})
_WORD = re.compile(r"[A-Za-z_]\w{2,}")
#: a name with more definitions leads nowhere in particular; a definition at more steps from the test is not near it
_MOST_NAMESAKES, _FARTHEST = 6, 6
#: a word that stands in more lines than this says nothing
_COMMON = 12
#: how much a word of another line of a test counts against one of the line that failed
_BESIDE = 0.3
#: the same for the lines that made the values of the line that failed
_MADE = 0.8
#: only functions with at most this many statements have their lines named
_SHORT = 2
#: how much a line at the next step counts against one at this step
_NEARER = 0.8


@dataclass(frozen=True)
class _Part:
    """A function, a class without its methods, or a value of a module: what it is called, and the names it uses."""

    path: str
    names: frozenset[str]
    used: frozenset[str]
    lines: frozenset[int]


@dataclass
class Reading:
    """The lines of the target outside of tests, by what they say."""

    trees: Trees
    _seen: dict[frozenset[str], Mapping[int, int]] = field(default_factory=dict)

    def said_at(self, starts: Iterable[str], words: Mapping[str, float]) -> list[tuple[float, Location]]:
        """The lines within reach of these names that share words, with their scores, the highest first. Words are
        names and, in quotes as Python writes them, values; ``def name`` is a definition. Each has its weight.
        """
        reached = self._reached(frozenset(starts))
        scores: dict[tuple[str, int], float] = {}
        weights = self.rare(words)
        for number, steps in reached.items():
            part = self._parts[number]
            for line in part.lines:
                shared = self._words.get((part.path, line), frozenset()) & weights.keys()
                if score := sum(weights[word] for word in shared) * _NEARER**steps:
                    scores[part.path, line] = max(score, scores.get((part.path, line), 0.0))
        ordered = sorted(scores.items(), key=lambda item: (-round(item[1], 6), item[0]))
        return [(score, Location(path, line, "says")) for (path, line), score in ordered]

    def _reached(self, starts: frozenset[str]) -> Mapping[int, int]:
        """The parts that names lead to, with the number of steps."""
        if starts not in self._seen:
            found: dict[int, int] = {}
            ahead: Iterable[str] = starts
            for steps in range(_FARTHEST):
                near = [one for name in ahead for one in self._by_name.get(name, ()) if one not in found]
                found |= dict.fromkeys(near, steps)
                ahead = {name for one in near for name in self._parts[one].used}
            self._seen[starts] = found
        return self._seen[starts]

    def quotes(self, place: Location, words: Mapping[str, float]) -> bool:
        """Whether a line holds a whole string of these words."""
        said = self._words.get((place.path, place.line), frozenset())
        return any(words.get(word) for word in said if word[:1] in "'\"" and " " in word)

    def reasons(self, place: Location) -> tuple[Location, ...]:
        """What a line depends on within its function, the nearest reason first."""
        tree = self.trees.tree(place.path)
        return tuple(Location(place.path, line, "decided") for line in reasons_at(tree, place.line)) if tree else ()

    def made(self, place: Location) -> tuple[Location, ...]:
        """The lines that made the values which a line uses: ``return None`` in what they call, else the calls."""
        tree = self.trees.tree(place.path)
        found: list[Location] = []
        for statement in made_at(tree, place.line) if tree else ():
            called = {callee(node) for node in walk(statement) if isinstance(node, ast.Call)}
            found += [*self._nothing_from(called), Location(place.path, statement.lineno, "made")]
        return tuple(dict.fromkeys(found))

    def _nothing_from(self, called: Iterable[str]) -> Iterator[Location]:
        """The lines of the functions of these names that return ``None`` and say so."""
        for number in [number for name in called for number in self._by_name.get(name, ())]:
            part = self._parts[number]
            for name in part.names:
                for function in self.trees.functions(part.path).get(name, ()):
                    for node in walk(function):
                        if isinstance(node, ast.Return) and _is_nothing(node.value):
                            yield Location(part.path, node.lineno, "returns nothing")

    def quoted_within(self, place: Location, quoted: Iterable[str]) -> tuple[Location, ...]:
        """The other line with one of these words, in the class or the top-level statement at a place. Empty where there
        are several such lines.
        """
        tree = self.trees.tree(place.path) or ast.Module([], [])
        whole = next((node for node in tree.body if first_line(node) <= place.line <= (node.end_lineno or 0)), None)
        if whole is None or isinstance(whole, _FUNCTIONS):
            return ()
        own = [one for one in getattr(whole, "body", [whole]) if not isinstance(one, _FUNCTIONS)]
        wanted = {*quoted, *map(repr, quoted)}
        lines = {line for one in own for line, word in _said(one) if word in wanted and line != place.line}
        return tuple(Location(place.path, line, "says") for line in lines) if len(lines) == 1 else ()

    def short_body(self, place: Location) -> tuple[Location, ...]:
        """The statements of a short function that a place defines; empty for a longer one, and where none stands."""
        function = self.trees.function_at(place)
        if function is None or function.lineno != place.line:
            return ()
        body = [one for one in function.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
        return tuple(Location(place.path, one.lineno, "computes") for one in body) if len(body) <= _SHORT else ()

    def rare(self, words: Mapping[str, float]) -> dict[str, float]:
        """The weights of those words that not too many lines hold: the rarer, the higher."""
        return {word: weight * self._rarity[word] for word, weight in words.items() if word in self._rarity}

    def words_on(self, path: str, line: int) -> frozenset[str]:
        """What a line says."""
        return self._words.get((path, line), frozenset())

    def functions_named(self, name: str) -> Iterator[Location]:
        """The functions of a name that few have."""
        for number in self._by_name.get(name, ()):
            part = self._parts[number]
            for function in self.trees.functions(part.path).get(name, ()):
                yield Location(part.path, function.lineno)

    def called_in(self, place: Location) -> tuple[Location, ...]:
        """The statements of the short functions and properties that a line names, where one has that name alone."""
        tree = self.trees.tree(place.path) or ast.Module([], [])
        read = [named(node) for node in walk(tree) if getattr(node, "lineno", 0) == place.line]
        parts = [self._by_name[name] for name in dict.fromkeys(filter(None, read)) if name in self._by_name]
        found: list[Location] = []
        for part in (self._parts[numbers[0]] for numbers in parts if len(numbers) == 1):
            for name in part.names:
                for function in self.trees.functions(part.path).get(name, ()):
                    found += self.short_body(Location(part.path, function.lineno))
        return tuple(found)

    def returned(self, place: Location) -> tuple[Location, ...]:
        """The lines at which the function of a place returns; empty where no function stands there."""
        function = self.trees.function_at(place)
        lines = [node.lineno for node in walk(function) if isinstance(node, ast.Return)] if function else []
        return tuple(Location(place.path, line, "returns") for line in lines)

    def of_test(self, path: str, function: str, line: int) -> tuple[frozenset[str], dict[str, float]]:
        """The names that a function of a test uses, and what it says: most in the statement that holds a line."""
        words: dict[str, float] = {}
        used: set[str] = set()
        for node in self.trees.functions(path).get(function, ()):
            used |= _used([node])
            failing = [one for one in walk(node) if isinstance(one, ast.stmt) and holds(one, line)]
            own = frozenset(_bound(node)) | _OF_ANSWERS
            words |= _weighed([node], own, _BESIDE)
            words |= _weighed(made_at(tree, line) if (tree := self.trees.tree(path)) else (), own, _MADE)
            words |= _weighed(failing[-1:], own, 1.0)
        return frozenset(used), words

    @cached_property
    def _parts(self) -> list[_Part]:
        paths = [path for path in self.trees.paths if not _TESTS.search(path)]
        return [part for path in paths if (tree := self.trees.tree(path)) for part in _parts_of(tree, path)]

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, part in enumerate(self._parts):
            for name in part.names:
                found.setdefault(name, []).append(number)
        return {name: numbers for name, numbers in found.items() if len(numbers) <= _MOST_NAMESAKES}

    @cached_property
    def _words(self) -> dict[tuple[str, int], frozenset[str]]:
        """What each line says."""
        found: dict[tuple[str, int], set[str]] = {}
        for path in {part.path for part in self._parts}:
            for line, word in _SAID(tree, path) if (tree := self.trees.tree(path)) else ():
                found.setdefault((path, line), set()).add(word)
        return {line: frozenset(words) for line, words in found.items()}

    @cached_property
    def _rarity(self) -> dict[str, float]:
        """What each word counts: the more, the fewer lines hold it."""
        counts = Counter(word for words in self._words.values() for word in words)
        return {word: log(1 + _COMMON / count) for word, count in counts.items() if count <= _COMMON}


@OfTree
def _parts_of(tree: ast.Module, path: str) -> list[_Part]:
    found = []
    for node in walk(tree):
        if isinstance(node, _FUNCTIONS):
            marks = _lines(node.decorator_list)
            found.append(_Part(path, frozenset({node.name}), _used([node]), _lines([node]) - marks))
        elif isinstance(node, ast.ClassDef):
            own = [one for one in node.body if not isinstance(one, _FUNCTIONS)]
            around = [*node.bases, *node.decorator_list, *(one.value for one in node.keywords)]
            header = frozenset({node.lineno})
            found.append(_Part(path, frozenset({node.name}), _used([*own, *around]), _lines(own) | header))
    for statement in tree.body:
        names = frozenset(
            one.id for one in walk(statement) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
        )
        if isinstance(statement, ast.Assign | ast.AnnAssign) and names:
            found.append(_Part(path, names, _used([statement]), _lines([statement])))
    return found


def named(node: ast.AST) -> str:
    """The name that a node reads, of an attribute its last part; empty where it reads none."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _is_nothing(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


def _weighed(nodes: Iterable[ast.AST], own: frozenset[str], weight: float) -> dict[str, float]:
    """What trees say, without their ``own`` names, which say nothing outside of a test; strings stay."""
    strings = [one for node in nodes for one in walk(node) if isinstance(one, ast.Constant)]
    said = {word for node in nodes for _, word in _said(node)} - own
    said |= {word for one in strings for _, word in _said(one)}
    return {word: weight * _weight(word) for word in said}


def _weight(word: str) -> float:
    """Numbers stand for so much that they tell half as much as words."""
    return 0.5 if word[:1].isdigit() else 1.0


def _bound(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """The names that a function gives a value: what they are called says nothing outside of it."""
    for node in walk(function):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _said(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in walk(tree):
        line = getattr(node, "lineno", 0)
        match node:
            case ast.Constant(value=str() as text):
                yield line, repr(text)
                yield from ((line, word) for word in _WORD.findall(text) if len(text) < 200)
            case ast.Constant(value=int() | float()):
                yield line, repr(node.value)
            case ast.Name():
                yield line, node.id
            case ast.Attribute():
                yield node.end_lineno or line, node.attr
            case ast.keyword() | ast.arg():
                yield line, node.arg or ""
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield line, node.name
                yield line, f"def {node.name}"


_SAID = OfTree(lambda tree, _path: list(_said(tree)))


def _used(nodes: Iterable[ast.AST]) -> frozenset[str]:
    return frozenset(name for node in nodes for one in walk(node) if (name := named(one)))


def _lines(nodes: Iterable[ast.AST]) -> frozenset[int]:
    return frozenset(one.lineno for node in nodes for one in walk(node) if isinstance(one, ast.expr | ast.stmt))
