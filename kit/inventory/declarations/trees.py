"""Source files as texts and trees, each read at the first question about it."""

from __future__ import annotations

import ast
import builtins
import re
import tokenize
import warnings
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from kit.facts.places import Location
from kit.inventory.source.records import FileRecord
from kit.inventory.source.walking import walk

_WORD = re.compile(r"\w+")
#: after this many questions about words an index of all words pays for itself
_FEW_QUESTIONS = 20
#: trees of this much source are kept, in characters (a tree takes some 50 times the memory of its text), and the
#: functions of this many places
_MOST_KEPT, _MOST_PLACES = 1_000_000, 1_000

#: the fields of a statement that hold others
_HOLD_STATEMENTS = ("body", "orelse", "finalbody", "handlers", "cases")

Function = ast.FunctionDef | ast.AsyncFunctionDef

T = TypeVar("T")

#: gets path and text of a file, and returns its tree; ``None`` where kit's own Python cannot parse it
Parse = Callable[[str, str], ast.Module | None]


def parse(path: str, text: str) -> ast.Module | None:
    """The tree of a file; ``None`` where its syntax is of a newer Python than kit's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in the target's source is not news
        try:
            return ast.parse(text, path)
        except (SyntaxError, ValueError, RecursionError):
            return None


class OfTree(Generic[T]):
    """A function of a file's tree and its path whose result is kept as long as the tree."""

    def __init__(self, make: Callable[[ast.Module, str], T]) -> None:
        self._make = make
        self._made: WeakKeyDictionary[ast.Module, T] = WeakKeyDictionary()

    def __call__(self, tree: ast.Module, path: str) -> T:
        if tree not in self._made:
            self._made[tree] = self._make(tree, path)
        return self._made[tree]


class Trees:
    """The files below a root. What kit's own Python cannot parse has no tree: then a question has no answer from it.

    ``text``, ``tree`` and ``functions`` (those of a file by their names) take a path. ``function_at`` is the inmost
    function whose definition, decorators included, holds the line of a place; ``class_at`` the class whose statement
    stands on it. With a ``parse`` that remembers, files that have not changed since are not parsed again. Of a large
    source only the trees that were used last are kept.
    """

    def __init__(self, root: Path, files: Sequence[FileRecord], parse: Parse = parse) -> None:
        self.root, self._parse = root, parse
        self._paths = [file.path for file in files if file.error is None]
        self.text = lru_cache(maxsize=None)(self._text)
        self.function_at = lru_cache(maxsize=_MOST_PLACES)(self._function_at)
        self.class_at = lru_cache(maxsize=_MOST_PLACES)(self._class_at)
        self._kept: OrderedDict[str, ast.Module | None] = OrderedDict()
        self._kept_size = 0
        self._questions = 0

    @property
    def paths(self) -> Sequence[str]:
        """The files that the target's interpreter can parse."""
        return self._paths

    def matching(self, pattern: re.Pattern[str], *words: str) -> Iterator[tuple[str, ast.Module]]:
        """Path and tree of each file whose text has a match. Where every match holds one of some ``words``, naming them
        saves reading the other files again.
        """
        for path in self._holding(words) if words else self._paths:
            if pattern.search(self.text(path)) and (tree := self.tree(path)):
                yield path, tree

    def _holding(self, words: Sequence[str]) -> list[str]:
        """The files that hold one of these words, in their order."""
        self._questions += 1
        if self._questions <= _FEW_QUESTIONS:
            return [path for path in self._paths if any(word in self.text(path) for word in words)]
        numbers = {number for word in words for number in self.by_word.get(word, ())}
        return [self._paths[number] for number in sorted(numbers)]

    def naming(self, word: str) -> Iterator[tuple[str, ast.Module]]:
        """Path and tree of each file that holds a word."""
        return self.matching(re.compile(rf"\b{re.escape(word)}\b"), word)

    def times_named(self, word: str) -> int:
        """How often the source holds a word."""
        pattern = re.compile(rf"\b{re.escape(word)}\b")
        return sum(len(pattern.findall(self.text(path))) for path in self._holding((word,)))

    @cached_property
    def by_word(self) -> dict[str, list[int]]:
        """Each word of the source with the numbers of the files that hold it."""
        found: dict[str, list[int]] = {}
        for number, path in enumerate(self._paths):
            for word in set(_WORD.findall(self.text(path))):
                found.setdefault(word, []).append(number)
        return found

    def has(self, path: str) -> bool:
        """Whether there is such a file."""
        return path in self._known

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self._paths)

    def line(self, place: Location) -> str:
        """The text of a line; empty where there is none."""
        lines = self.text(place.path).splitlines() if place.path in self._known else []
        return lines[place.line - 1] if 0 < place.line <= len(lines) else ""

    def ending_with(self, path: str) -> tuple[str, ...]:
        """The files whose path ends so, as a module or as a package."""
        ends = (f"/{path}.py", f"/{path}/__init__.py")
        return tuple(one for one in self._paths if f"/{one}".endswith(ends))

    def tree(self, path: str) -> ast.Module | None:
        """The tree of a file."""
        if path in self._kept:
            self._kept.move_to_end(path)
            return self._kept[path]
        tree = self._kept[path] = self._parse(path, self.text(path))
        self._kept_size += len(self.text(path))
        while self._kept_size > _MOST_KEPT and len(self._kept) > 1:
            oldest, _ = self._kept.popitem(last=False)
            self._kept_size -= len(self.text(oldest))
        return tree

    def functions(self, path: str) -> Mapping[str, Sequence[Function]]:
        """The functions of a file by their names."""
        tree = self.tree(path)
        return functions_of(tree, path) if tree else {}

    def _function_at(self, place: Location) -> Function | None:
        tree = self.tree(place.path)
        spans = _spans(tree, place.path) if tree else ()
        around = (node for first, last, node in spans if first <= place.line <= last)
        return max(around, key=lambda node: node.lineno, default=None)

    def _class_at(self, place: Location) -> ast.ClassDef | None:
        nodes = walk(self.tree(place.path) or ast.Module([], []))
        return next((node for node in nodes if isinstance(node, ast.ClassDef) and node.lineno == place.line), None)

    def _text(self, path: str) -> str:
        try:
            with tokenize.open(self.root / path) as stream:
                return stream.read()
        except (OSError, SyntaxError, UnicodeDecodeError):
            return ""


def _functions_in(tree: ast.Module, _path: str) -> dict[str, list[Function]]:
    """Those at the top first; only statements hold functions, so no expression is looked at."""
    found: dict[str, list[Function]] = {}
    ahead = deque[ast.AST](tree.body)
    while ahead:
        node = ahead.popleft()
        if isinstance(node, Function):
            found.setdefault(node.name, []).append(node)
        for name in _HOLD_STATEMENTS:
            ahead.extend(getattr(node, name, ()))
    return found


#: the functions of a file by their names
functions_of = OfTree(_functions_in)


def _spans_in(tree: ast.Module, path: str) -> list[tuple[int, int, Function]]:
    """First and last line of each function of a file, decorators included."""
    functions = (node for several in functions_of(tree, path).values() for node in several)
    return [(first_line(node), node.end_lineno or node.lineno, node) for node in functions]


_spans = OfTree(_spans_in)


def first_line(node: ast.stmt) -> int:
    """Where a statement begins: a function or a class with its first decorator."""
    marks: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(mark.lineno for mark in marks)])


def holds(node: ast.stmt | ast.expr, line: int) -> bool:
    """Whether a line is one of those of a statement, from its keyword on, or of an expression."""
    return node.lineno <= line <= (node.end_lineno or node.lineno)


def longest_word(text: str) -> tuple[str, ...]:
    """The longest word of a text, for :meth:`Trees.matching`; empty where it has none."""
    return tuple(sorted(_WORD.findall(text), key=len)[-1:])


def callee(node: ast.AST | None) -> str:
    """The last part of the name of what is called: ``get`` for ``client.get(...)``."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def option(call: ast.Call, *names: str) -> ast.expr | None:
    """The value of the first of these keyword arguments."""
    return next((item.value for item in call.keywords if item.arg in names), None)


def is_built_in_kind(name: str, other: str) -> bool:
    """Whether the first class of Python itself is the second one, or a subclass of it."""
    one, base = getattr(builtins, name, None), getattr(builtins, other, None)
    return isinstance(one, type) and isinstance(base, type) and issubclass(one, base)


def at_import(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run when the module is imported, those in ``if``, ``try`` and ``with`` included."""
    for node in body:
        yield node
        for name in ("body", "orelse", "finalbody"):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield from at_import(getattr(node, name, []))
        for handler in getattr(node, "handlers", []):
            yield from at_import(handler.body)


def assigned(node: ast.AST) -> tuple[str, ast.expr] | None:
    """Name and value of an assignment to one name."""
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
        return node.target.id, node.value
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id, node.value
    return None
