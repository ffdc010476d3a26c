"""Which lines a wrong value, or a refusal, can come from: of a function, and behind the condition above a line."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from kit.facts.places import Location
from kit.inventory.declarations.reading import Reading, named
from kit.inventory.declarations.statements import conditions, names_read, statement_lines, values_assigned
from kit.inventory.declarations.trees import callee
from kit.inventory.source.roles import role_of

#: how much the words that a line shares with a test count beside what the line is
_SHARED = 0.25
#: what counts the reason of a reason
_FARTHER = 0.5
#: how much more a condition counts than what it lets run
_CONDITION = 0.1
#: what counts the value that a function reads of a module, and of a class; one that more places set tells nothing
_OF_MODULE, _OF_CLASS, _MOST_VALUES = 0.7, 0.45, 3


@dataclass
class SuspectLines:
    """The lines of the target, weighed by what they are and by the words that they share with a failing test."""

    reading: Reading

    def lines_of(self, place: Location, words: Mapping[str, float]) -> list[tuple[float, Location]]:
        """The lines of the function at a place where a wrong value can come from, with their scores: what each is, and
        the words (as in :meth:`Reading.said_at`) that it shares.
        """
        function = self.reading.trees.function_at(place)
        if function is None:
            return []
        found = {(place.path, line): own for line, own in statement_lines(function).items()}
        for name in names_read(function):
            for path, line, own in self._assigned.get(name, ()):
                if path == place.path or name.isupper() or own < _OF_MODULE:
                    found.setdefault((path, line), own)
        weights = self.reading.rare(words)
        scores = {
            at: own + _SHARED * sum(weights[word] for word in self.reading.words_on(*at) & weights.keys())
            for at, own in found.items()
        }
        for line, condition in conditions(function).items():
            at, above = (place.path, line), (place.path, condition)
            if at in scores and above in scores:  # what is done there may be right, and the condition wrong
                scores[above] = max(scores[above], scores[at] + _CONDITION)
        return [(score, Location(*at, "suspected")) for at, score in scores.items()]

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
        nodes = [node for node in ast.walk(tree) if getattr(node, "lineno", 0) == place.line]
        computing = {callee(node) for node in nodes} | {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        for function in (one for name in computing for one in self.reading.functions_named(name)):
            yield from self.lines_of(function, words)
        for name in {name for node in nodes if (name := named(node))}:
            for path, line, own in self._assigned.get(name, ()):
                if own == _OF_MODULE and (path == place.path or name.isupper()):
                    yield own, Location(path, line, "suspected")

    @cached_property
    def _assigned(self) -> dict[str, list[tuple[str, int, float]]]:
        """By name: where modules and classes give it a value, and what that counts; few places only."""
        found: dict[str, list[tuple[str, int, float]]] = {}
        for path in self.reading.trees.paths:
            if role_of(path) != "test" and (tree := self.reading.trees.tree(path)):
                for name, line, is_module in values_assigned(tree):
                    own = _OF_MODULE if is_module or name.isupper() else _OF_CLASS
                    found.setdefault(name, []).append((path, line, own))
        return {name: places for name, places in found.items() if len(places) <= _MOST_VALUES}
