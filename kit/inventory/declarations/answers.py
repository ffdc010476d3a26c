"""What views answer with: the fields of their models, the queries that load what these read, and hooks around them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from kit.facts.places import Location
from kit.inventory.declarations.ancestry import ways_to_bases
from kit.inventory.declarations.endpoints import views_of
from kit.inventory.declarations.trees import Trees, callee, option
from kit.inventory.names.names import Names
from kit.inventory.source.walking import walk

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_QUERYING = frozenset({"select", "get", "get_one", "query"})
#: what hands a function to an application that calls it around each request, and takes what it returns for the answer
_HOOKS = frozenset({"middleware", "after_request", "after_app_request"})
_HOOKED = re.compile(r"\b(?:middleware|BaseHTTPMiddleware|after_(?:app_)?request)\b")
_Function = ast.FunctionDef | ast.AsyncFunctionDef


class Answers:
    """Questions about views and what they answer with. A place of a view may be one of its decorators."""

    def __init__(self, trees: Trees, names: Names) -> None:
        self._trees, self._names = trees, names

    def views(self, endpoint: str) -> tuple[Location, ...]:
        """The views of one Flask endpoint, where a router has several for it; the refused one first."""
        return views_of(self._trees, self._names, endpoint)

    def ways_to_bases(self, place: Location) -> tuple[tuple[Location, ...], ...]:
        """The classes that lead from a class to each declarative base of it."""
        return ways_to_bases(self._names, place)

    def field(self, view: Location, parts: Sequence[str]) -> Location | None:
        """The line of the field that ``parts`` lead to in the model that a view answers with."""
        function = self._trees.function_at(view)
        calls = [mark for mark in function.decorator_list if isinstance(mark, ast.Call)] if function else []
        given = next((model for call in calls if (model := option(call, "response_model"))), None)
        annotation = given or (function.returns if function else None)
        found: Location | None = None
        for part in parts:
            fields = [pair for name in _names(annotation) for pair in self._fields(name) if pair[0] == part]
            if not fields:
                return found
            found, annotation = fields[0][1]
        return found

    def _fields(self, owner: str, depth: int = 5) -> Iterator[tuple[str, tuple[Location, ast.expr]]]:
        """The annotated fields of the classes of a name, then those of their bases."""
        wanted = re.compile(rf"\bclass {re.escape(owner)}\b")
        for path, tree in self._trees.matching(wanted, owner) if depth else ():
            for node in walk(tree):
                if isinstance(node, ast.ClassDef) and node.name == owner:
                    for one in node.body:
                        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                            yield one.target.id, (Location(path, one.lineno, "field"), one.annotation)
                    for base in node.bases:
                        for name in _names(base):
                            yield from self._fields(name, depth - 1)

    def queries(self, view: Location, owner: str, attribute: str) -> tuple[Location, ...]:
        """The queries for a mapped class that do not name an attribute of it: those first in functions that a view, or
        the function at a place, calls.
        """
        function = self._trees.function_at(view)
        called = {callee(node) for node in walk(function)} if function else set()
        here = (view.path, function.name if function else "")
        found = list(self._querying(owner, attribute))
        near = [place for name, place in found if name in called or (place.path, name) == here]
        return tuple(dict.fromkeys(near or (place for _, place in found)))

    def _querying(self, owner: str, attribute: str) -> Iterator[tuple[str, Location]]:
        for path, tree in self._trees.naming(owner):
            for function in walk(tree):
                for statement in walk(function) if isinstance(function, _FUNCTIONS) else ():
                    if isinstance(statement, ast.Assign | ast.Return | ast.Expr | ast.AnnAssign):
                        asked = [one for one in walk(statement) if isinstance(one, ast.Call) and _asks_for(one, owner)]
                        named = {node.attr for node in walk(statement) if isinstance(node, ast.Attribute)}
                        if asked and attribute not in named and isinstance(function, _FUNCTIONS):
                            yield function.name, Location(path, asked[0].lineno, "query")

    def hooks_without_answer(self) -> tuple[Location, ...]:
        """Functions that an application calls around each request, and that end without returning anything: their last
        lines.
        """
        return tuple(
            Location(where, function.body[-1].end_lineno or function.lineno, "returns nothing")
            for path, tree in self._trees.matching(_HOOKED)
            for where, function in self._hooks(path, tree)
            if not any(isinstance(node, ast.Return | ast.Yield | ast.Raise) for node in walk(function))
        )

    def _hooks(self, path: str, tree: ast.Module) -> Iterator[tuple[str, _Function]]:
        for node in walk(tree):
            if isinstance(node, _FUNCTIONS):
                marks = {callee(mark) or getattr(mark, "attr", "") for mark in node.decorator_list}
                if marks & _HOOKS:
                    yield path, node
            elif isinstance(node, ast.ClassDef) and any("BaseHTTPMiddleware" in _names(one) for one in node.bases):
                yield from ((path, one) for one in node.body if isinstance(one, _FUNCTIONS) and one.name == "dispatch")
            elif isinstance(node, ast.Call):
                registering = callee(node) in _HOOKS or callee(node.func) in _HOOKS
                handed = option(node, "dispatch") or (node.args[0] if registering and node.args else None)
                yield from self._function(handed)

    def _function(self, handed: ast.expr | None) -> Iterator[tuple[str, _Function]]:
        """The one function of the target that has this name."""
        if isinstance(handed, ast.Name):
            wanted = re.compile(rf"\bdef {re.escape(handed.id)}\b")
            paths = [path for path, _ in self._trees.matching(wanted)]
            found = [(path, one) for path in paths for one in self._trees.functions(path).get(handed.id, ())]
            yield from found if len(found) == 1 else ()


def _asks_for(call: ast.Call, owner: str) -> bool:
    return callee(call) in _QUERYING and any(isinstance(one, ast.Name) and one.id == owner for one in call.args)


def _names(annotation: ast.expr | None) -> Iterator[str]:
    """The names in an annotation, also of one in quotes."""
    for node in walk(annotation) if annotation else ():
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(r"\w+", node.value)
