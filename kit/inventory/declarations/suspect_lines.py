"""Which lines a wrong value, or a refusal, can come from: of a function, and behind the condition above a line."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kit.facts.places import Location
from kit.inventory.declarations.guards import asked_for_none
from kit.inventory.declarations.handed_on import made_above
from kit.inventory.declarations.reading import Reading, named
from kit.inventory.declarations.reasons import chosen_at
from kit.inventory.declarations.statements import (
    conditions,
    loops,
    modules_imported,
    names_read,
    statement_lines,
    statements_within,
    values_assigned,
)
from kit.inventory.declarations.trees import Function, callee
from kit.inventory.source.roles import role_of
from kit.inventory.source.walking import walk

#: how much the words that a line shares with a test count beside what the line is
_SHARED = 0.25
#: what counts the reason of a reason
_FARTHER = 0.5
#: how much more a condition counts than what it lets run
_CONDITION = 0.1
#: what counts the value that a function reads of a module, and of a class; one that more places set tells nothing
_OF_MODULE, _OF_CLASS, _MOST_VALUES = 0.7, 0.45, 3
#: what counts a further line of such a value, such as an entry of a table
_ENTRY = 0.9
#: what counts the value of a class in a module that is not imported: its objects may be handed over
_ELSEWHERE = 0.5
#: what counts a line that no failing test has run, and how much more a loop that it begins and never enters
_NOT_RUN, _NOT_ENTERED = 0.2, 2.0


@dataclass(frozen=True)
class _Value:
    """What a module or a class gives a name; ``lines`` are all of the value, the first in front."""

    path: str
    lines: tuple[int, ...]
    weight: float
    is_plain: bool


@dataclass
class SuspectLines:
    """The lines of the target, weighed by what they are and by the words that they share with a failing test."""

    reading: Reading

    def statements_of(self, place: Location) -> list[range]:
        """The lines of each statement of the function at a place, without those of the statements within it."""
        function = self.reading.trees.function_at(place)
        return statements_within(function) if function else []

    def lines_of(
        self, place: Location, words: Mapping[str, float], apart: Mapping[int, float] | None = None
    ) -> list[tuple[float, Location]]:
        """The lines of the function at a place where a wrong value can come from, with their scores: what each is, and
        the words (as in :meth:`Reading.said_at`) that it shares. ``apart`` says of the first line of each statement how
        close it comes to being run by failing tests alone, where that is known.
        """
        function = self.reading.trees.function_at(place)
        if function is None:
            return []
        ran = _by_line(self.statements_of(place), apart or {})
        found = {(place.path, line): own * ran.get(line, 1.0) for line, own in statement_lines(function).items()}
        for line in _never_entered(function, apart or {}):
            found[place.path, line] *= _NOT_ENTERED
        for at, own in self._values_read(place.path, function, ran):
            found.setdefault(at, own)
        weights = self.reading.rare(words)
        scores = {
            at: own
            + ran.get(at[1] if at[0] == place.path else 0, 1.0)
            * _SHARED
            * sum(weights[word] for word in self.reading.words_on(*at) & weights.keys())
            for at, own in found.items()
        }
        for line, condition in conditions(function).items():
            at, above = (place.path, line), (place.path, condition)
            if at in scores and above in scores:  # what is done there may be right, and the condition wrong
                scores[above] = max(scores[above], scores[at] + _CONDITION)
        return [(score, Location(*at, "suspected")) for at, score in scores.items()]

    def _values_read(
        self, path: str, function: Function, ran: Mapping[int, float]
    ) -> Iterator[tuple[tuple[str, int], float]]:
        """The lines of the values that a function reads of modules and classes, with their weights."""
        for name, lines in names_read(function).items():
            shares = max((ran.get(line, 1.0) for line in lines), default=1.0)
            for value in self._assigned.get(name, ()):
                weight = shares * value.weight
                if not name.isupper() and not self._reads_of(path, value.path):
                    weight *= _ELSEWHERE if value.weight < _OF_MODULE else 0.0
                for line in value.lines if weight else ():
                    yield (value.path, line), weight * (1.0 if line == value.lines[0] else _ENTRY)

    def is_plain_value(self, place: Location) -> bool:
        """Whether a line gives a name of a module or a class a plain value, or is an entry of such a table."""
        return (place.path, place.line) in self._plain_values

    @cached_property
    def _plain_values(self) -> frozenset[tuple[str, int]]:
        values = (value for values in self._assigned.values() for value in values if value.is_plain)
        return frozenset((value.path, line) for value in values for line in value.lines)

    def chosen(self, place: Location) -> tuple[Location, ...]:
        """The conditions that choose between the values which a line uses, the last one first."""
        tree = self.reading.trees.tree(place.path)
        return tuple(Location(place.path, line, "chosen") for line in chosen_at(tree, place.line)) if tree else ()

    def asked_for_none(self, place: Location) -> tuple[Location, ...]:
        """The conditions above a line that ask whether something which it reads is None, the nearest first."""
        tree = self.reading.trees.tree(place.path)
        return (
            tuple(Location(place.path, line, "asks for None") for line in asked_for_none(tree, place.line))
            if tree
            else ()
        )

    def handed_on(self, frames: Sequence[Location], attribute: str) -> tuple[Location, ...]:
        """The line that made a value which parameters hand on to the first of these frames, and what it calls."""
        made = made_above(self.reading.trees, frames, attribute)
        return (made, *self.reading.called_in(made)) if made else ()

    def behind(self, place: Location, words: Mapping[str, float]) -> list[tuple[float, Location]]:
        """The lines that a condition above a line depends on: in the functions that it calls, and the values that it
        names; also by way of the assignment that made what it asks for. With scores, the highest first.
        """
        found: dict[Location, float] = {}
        for reason, weight in zip(self.reading.reasons(place), (1.0, _FARTHER), strict=False):
            for score, line in self._behind_line(reason, words):
                found[line] = max(score * weight, found.get(line, 0.0))
        return sorted(((score, line) for line, score in found.items()), key=lambda item: (-item[0], item[1]))

    def _behind_line(self, place: Location, words: Mapping[str, float]) -> Iterator[tuple[float, Location]]:
        """The lines of the functions and properties that a line uses, and the values that it names."""
        tree = self.reading.trees.tree(place.path) or ast.Module([], [])
        nodes = [node for node in walk(tree) if getattr(node, "lineno", 0) == place.line]
        computing = {callee(node) for node in nodes} | {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        for function in (one for name in computing for one in self.reading.functions_named(name)):
            yield from self.lines_of(function, words)
        for name in {name for node in nodes if (name := named(node))}:
            for value in self._assigned.get(name, ()):
                if value.weight == _OF_MODULE and (name.isupper() or self._reads_of(place.path, value.path)):
                    yield value.weight, Location(value.path, value.lines[0], "suspected")

    def _reads_of(self, path: str, other: str) -> bool:
        """Whether names that a module reads may be those of another one: it imports that."""
        if path == other:
            return True
        if path not in self._imports:
            self._imports[path] = modules_imported(self.reading.trees.tree(path) or ast.Module([], []))
        return other.removesuffix("/__init__.py").removesuffix(".py").rpartition("/")[2] in self._imports[path]

    @cached_property
    def _imports(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _assigned(self) -> dict[str, list[_Value]]:
        """By name: where modules and classes give it a value; few places only."""
        found: dict[str, list[_Value]] = {}
        for path in self.reading.trees.paths:
            if role_of(path) != "test" and (tree := self.reading.trees.tree(path)):
                for name, lines, is_module, is_plain in values_assigned(tree):
                    own = _OF_MODULE if is_module or name.isupper() else _OF_CLASS
                    found.setdefault(name, []).append(_Value(path, lines, own, is_plain))
        return {name: places for name, places in found.items() if len(places) <= _MOST_VALUES}


def _never_entered(function: Function, apart: Mapping[int, float]) -> list[int]:
    """The lines of the loops that failing tests run, and whose bodies they do not."""
    return [line for line, body in loops(function).items() if apart.get(line) and not apart.get(body, 1.0)]


def _by_line(statements: Sequence[range], apart: Mapping[int, float]) -> dict[int, float]:
    """By line: what it counts for being run by failing tests, against the line that comes closest to these alone."""
    most = max(apart.values(), default=0.0)
    if not most:
        return {}
    return {line: max(apart.get(lines.start, 0.0) / most, _NOT_RUN) for lines in statements for line in lines}
