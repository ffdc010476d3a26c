"""Tables that the target creates by SQL text, in Python and SQL files, and the statements that name something."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from kit.facts.places import Location
from kit.inventory.declarations.trees import Trees
from kit.inventory.source.reading import LARGEST_FILE, source_files
from kit.inventory.source.roles import role_of
from kit.inventory.source.walking import walk

_CREATE = re.compile(
    r"\bCREATE\s+(?:\w+\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<name>[\w.{}%$-]+)\s*\(", re.IGNORECASE
)
_ADDED = re.compile(r"\bALTER\s+TABLE\s+\S+\s+ADD\s+(?:COLUMN\s+)?(?P<name>\w+)", re.IGNORECASE)
#: what text adds to SQL: quotes of Python and of names, the letter in front of one, commas between pieces of text
_QUOTES = re.compile(r"\b[fFrRbBuU]{1,2}(?=[\"'])|(?<=[\"']),(?=\s*[fFrR]?[\"'])|[\"'`\[\]]")
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_NO_COLUMN = frozenset({"primary", "foreign", "unique", "check", "constraint", "key", "index", "exclude", "like"})
_FIRST_WORD = re.compile(r"\s*(\w+)")
_PUT_IN = re.compile(r"[{%$]")


@dataclass(frozen=True)
class SqlTable:
    """A table at its ``CREATE TABLE``, with the place of each column."""

    name: str
    place: Location
    columns: dict[str, Location]

    @property
    def is_named_later(self) -> bool:
        """Whether the name is put into the text: ``{table}``."""
        return _PUT_IN.search(self.name) is not None

    def has(self, column: str) -> bool:
        """Whether it is created with a column of this name."""
        return column.lower() in {name.lower() for name in self.columns}

    @property
    def bare(self) -> str:
        """The name without its schema, in lower case."""
        return self.name.rpartition(".")[2].lower()


@dataclass(frozen=True)
class SqlText:
    """Questions about SQL that stands in the target as text, outside of tests."""

    trees: Trees

    @cached_property
    def tables(self) -> tuple[SqlTable, ...]:
        """Those that are created."""
        return tuple(table for path, text in self._texts.items() for table in _tables(path, text))

    @cached_property
    def added(self) -> frozenset[str]:
        """The columns that statements add to tables, in lower case."""
        found = (one["name"] for text in self._texts.values() for one in _ADDED.finditer(text))
        return frozenset(name.lower() for name in found)

    @cached_property
    def named_at(self) -> Callable[[str, str], frozenset[Location]]:
        """The lines of text outside of tests that hold a word: in functions, where these name the other word too."""
        return lru_cache(maxsize=None)(self._named_at)

    def _named_at(self, name: str, beside: str) -> frozenset[Location]:
        word = _whole(name)
        found = [
            place
            for path, tree in self.trees.matching(word, name)
            if role_of(path) != "test"
            for place in self._named(path, tree, word)
            if self.trees.function_at(place) is None or self.statement(place, beside)
        ]
        in_sql = ((path, text) for path, text in self._texts.items() if path.endswith(".sql"))
        return frozenset(found).union(
            Location(path, number, "statement")
            for path, text in in_sql
            for number, line in enumerate(text.splitlines(), 1)
            if word.search(line)
        )

    def asked_of(self, table: SqlTable) -> bool:
        """Whether a statement outside of tests asks a table for rows, or changes some."""
        asks = re.compile(rf"\b(?:FROM|JOIN|INTO|UPDATE)\s+(?:\w+\.)?{re.escape(table.bare)}\b", re.IGNORECASE)
        sources = (self.trees.text(path) for path in self.trees.paths if role_of(path) != "test")
        texts = (*sources, *(text for path, text in self._texts.items() if path.endswith(".sql")))
        return any(asks.search(_COMMENT.sub(_blank, _QUOTES.sub(_blank, text))) for text in texts if table.bare in text)

    def statement(self, place: Location, name: str) -> Location | None:
        """The line of text that holds this word, in the function around a place: the nearest one, rather below it."""
        function = self.trees.function_at(place)
        found = self._named(place.path, function, _whole(name)) if function else ()
        return min(found, key=lambda one: (one.line < place.line, abs(one.line - place.line)), default=None)

    def meant_by(self, place: Location, alias: str) -> str:
        """The name in front of a short name, in text of the function around a place: ``note`` of ``FROM note n``."""
        short = re.compile(rf"\b(?P<name>\w+)\s+(?:AS\s+)?{re.escape(alias)}\b", re.IGNORECASE)
        function = self.trees.function_at(place)
        texts = (one.value for one in walk(function) if isinstance(one, ast.Constant)) if function else ()
        names = (found["name"].lower() for text in texts if isinstance(text, str) for found in short.finditer(text))
        known = {table.bare for table in self.tables}
        return next((name for name in names if name in known), alias)

    def _named(self, path: str, node: ast.AST, word: re.Pattern[str]) -> Iterator[Location]:
        """The lines of strings that hold a word, those of docstrings left out."""
        nodes = list(walk(node))
        docs = {id(one.value) for one in nodes if isinstance(one, ast.Expr)}
        for one in nodes:
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in docs:
                lines = range(one.lineno, (one.end_lineno or one.lineno) + 1) if word.search(one.value) else ()
                places = (Location(path, line, "statement") for line in lines)
                yield from (place for place in places if word.search(self.trees.line(place)))

    @cached_property
    def _texts(self) -> dict[str, str]:
        """The texts that may create or change a table, with blanks in place of what is not SQL."""
        paths = [path for path, _ in self.trees.matching(re.compile("table", re.IGNORECASE)) if role_of(path) != "test"]
        found = {path: self.trees.text(path) for path in paths}
        for file in source_files(str(self.trees.root), ".sql"):
            if file.size <= LARGEST_FILE:
                found[file.path] = (self.trees.root / file.path).read_text(encoding="utf-8", errors="replace")
        return {path: _COMMENT.sub(_blank, _QUOTES.sub(_blank, text)) for path, text in found.items()}


def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])", re.IGNORECASE)


def _blank(found: re.Match[str]) -> str:
    """As many lines and characters, without a word."""
    return "".join("\n" if one == "\n" else " " for one in found[0])


def _tables(path: str, text: str) -> Iterator[SqlTable]:
    for found in _CREATE.finditer(text):
        place = Location(path, text.count("\n", 0, found.start()) + 1, "created")
        columns = {
            name[1]: Location(path, text.count("\n", 0, start + name.start(1)) + 1, "column")
            for start, part in _parts(text, found.end())
            if (name := _FIRST_WORD.match(part)) and name[1].lower() not in _NO_COLUMN
        }
        yield SqlTable(found["name"], place, columns)


def _parts(text: str, start: int) -> Iterator[tuple[int, str]]:
    """What commas divide between brackets, each with where it starts."""
    depth, begin = 0, start
    for at in range(start, len(text)):
        if (one := text[at]) in "()":
            depth += 1 if one == "(" else -1
        if depth < 0 or (one == "," and not depth):
            yield begin, text[begin:at]
            begin = at + 1
        if depth < 0:
            return
