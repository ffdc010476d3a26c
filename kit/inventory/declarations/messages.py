"""Where the target writes the text of a message: a whole sentence, or what stands around the values put into it.

A library that collects errors (a schema, a form, a model of a request) raises them itself, so no frame shows the line
that refused. The text of the message does.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kit.facts.places import Location
from kit.inventory.declarations.guards import decided_at
from kit.inventory.declarations.trees import Trees, assigned
from kit.inventory.source.walking import walk

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_PUT_IN = re.compile(r"\{[^{}]*\}|%\([^)]*\)[a-z]|%[a-z]")
#: a text with fewer characters beside what is put in says too little
_LEAST = 12
#: at most this many lines that use a text by its key or its name
_MOST_USES = 3


@dataclass(frozen=True)
class _Text:
    """What is written at a line, in the ``pieces`` around the values that are put in. ``called`` is the key of a
    dictionary or the name that it is the value of.
    """

    line: int
    pieces: tuple[str, ...]
    called: str

    @property
    def length(self) -> int:
        """How many characters the pieces have."""
        return sum(map(len, self.pieces))

    def stands_in(self, message: str) -> bool:
        """Whether the pieces follow one another within a line of the message."""
        if not all(piece in message for piece in self.pieces):  # true of nearly every text
            return False
        return re.search(".*?".join(map(re.escape, self.pieces)), message) is not None


@dataclass(frozen=True)
class Messages:
    """The texts of messages in the source; those of a file are looked for once."""

    trees: Trees
    _by_path: dict[str, Sequence[_Text]] = field(default_factory=dict)

    def written(self, message: str, paths: Iterable[str]) -> tuple[Location, ...]:
        """The lines of these files that give a message its text, each behind the condition that lets it run. Empty
        where no file, or several places, write such a text.
        """
        found = [(text, path) for path in dict.fromkeys(paths) for text in self._texts(path) if text.stands_in(message)]
        longest = max((text.length for text, _ in found), default=0)
        places = {(path, text.line): text for text, path in found if text.length == longest}
        if len(places) != 1:
            return ()
        (((path, line), text),) = places.items()
        tree = self.trees.tree(path) or ast.Module([], [])
        uses = [*dict.fromkeys(_uses(tree, text.called))] if text.called else []
        lines = uses if 0 < len(uses) <= _MOST_USES else [line]
        places_of_each = ((decided_at(tree, one), one) for one in lines)
        return tuple(dict.fromkeys(Location(path, one, "says") for both in places_of_each for one in both if one))

    def _texts(self, path: str) -> Sequence[_Text]:
        if path not in self._by_path:
            tree = self.trees.tree(path)
            self._by_path[path] = list(_texts(tree)) if tree else []
        return self._by_path[path]


def _texts(tree: ast.Module) -> Iterator[_Text]:
    called = _names_of_values(tree)
    within = {id(one) for node in walk(tree) if isinstance(node, ast.JoinedStr) for one in walk(node)}
    for node in walk(tree):
        if isinstance(node, ast.JoinedStr):
            pieces = [str(one.value) if isinstance(one, ast.Constant) else "" for one in node.values]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in within:
            pieces = _PUT_IN.split(node.value)
        else:
            continue
        text = _Text(node.lineno, tuple(piece for piece in pieces if piece.strip()), called.get(id(node), ""))
        if text.length >= _LEAST and any(" " in piece.strip() for piece in text.pieces):
            yield text


def _names_of_values(tree: ast.Module) -> dict[int, str]:
    """By the identity of a node: the key or the name that it is the value of."""
    found: dict[int, str] = {}
    for node in walk(tree):
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            found |= {id(value): str(key.value) for key, value in pairs if isinstance(key, ast.Constant)}
        elif pair := assigned(node):
            found[id(pair[1])] = pair[0]
    return found


def _uses(tree: ast.Module, called: str) -> Iterator[int]:
    """The lines within functions that read a name, or hand a key to a call or a subscript."""
    for function in (node for node in walk(tree) if isinstance(node, _FUNCTIONS)):
        for node in walk(function):
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
                if called == (node.id if isinstance(node, ast.Name) else node.attr):
                    yield node.lineno
            elif isinstance(node, ast.Call | ast.Subscript):
                handed = node.args if isinstance(node, ast.Call) else [node.slice]
                if any(isinstance(one, ast.Constant) and one.value == called for one in handed):
                    yield node.lineno
