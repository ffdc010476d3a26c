"""Where the source sets up a database: what creates tables, which fixtures make one, what tests replace.

https://docs.sqlalchemy.org/en/20/core/metadata.html#sqlalchemy.schema.MetaData.create_all
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from kit.facts.places import Location
from kit.inventory.declarations.replacements import overrides
from kit.inventory.declarations.trees import Function, Trees, callee, option
from kit.inventory.source.walking import walk

_CREATING = re.compile(r"\bcreate_all\b")
_MAKING = re.compile(r"\b(?:async_)?sessionmaker\b")
_PREPARING = re.compile(
    r"(?:^|_)(?:create|init|initiali[sz]e|setup|set_up|make|prepare|ensure)_(?:\w+_)?(?:db|database|tables|schema|models)(?:$|_)"
)
_DATABASE = re.compile(r"engine|session|database|(?:^|_)db(?:$|_)", re.IGNORECASE)
#: what ends the first half of a fixture
_HANDING = ast.Yield | ast.YieldFrom | ast.Return


class Databases:
    """What the source says about databases, each read at the first question."""

    def __init__(self, trees: Trees) -> None:
        self._trees = trees

    def created_by(self, fixtures: Sequence[Location]) -> tuple[Location, ...]:
        """The lines that create all tables of a metadata, in the fixtures at these places and in what they call."""
        functions = {place: function for place in fixtures if (function := self._trees.function_at(place))}
        called = {name for function in functions.values() for name in _called_elsewhere(function)}
        own = {(place.path, function.name) for place, function in functions.items()}
        return tuple(
            dict.fromkeys(place for name, place in self._creating if name in called or (place.path, name) in own)
        )

    @cached_property
    def _creating(self) -> tuple[tuple[str, Location], ...]:
        """The names of functions with their lines that create all tables, also those that hand the method on."""
        return tuple(
            (function.name, Location(path, node.lineno, "creates tables"))
            for path, tree in self._trees.matching(_CREATING, "create_all")
            for function in walk(tree)
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            for node in walk(function)
            if isinstance(node, ast.Attribute) and node.attr == "create_all"
        )

    def creating_in(self, path: str, function: str) -> Location | None:
        """The first line at which a function of a file itself creates all tables."""
        return self._creating_first.get((path, function))

    @cached_property
    def _creating_first(self) -> dict[tuple[str, str], Location]:
        return {(place.path, name): place for name, place in sorted(self._creating, reverse=True)}

    def before(self, place: Location) -> tuple[Location, ...]:
        """Where the ``with`` block starts in which a line uses a database: tables have to be there by then."""
        function = self._trees.function_at(place)
        blocks = [
            node
            for node in (walk(function) if function else ())
            if isinstance(node, ast.With | ast.AsyncWith)
            if node.body[0].lineno <= place.line <= (node.end_lineno or 0)
        ]
        inmost = max(blocks, key=lambda node: node.lineno, default=None)
        return (Location(place.path, inmost.body[0].lineno, "create them here"),) if inmost else ()

    def idle_in(self, paths: Iterable[str]) -> tuple[Location, ...]:
        """What the functions of these files do first that are called as if they created tables, and call nothing."""
        return tuple(
            Location(path, _first_line(function.body), "creates nothing")
            for path in paths
            for name, functions in self._trees.functions(path).items()
            if _PREPARING.search(name)
            for function in functions
            if not any(isinstance(node, ast.Call) for statement in function.body for node in walk(statement))
        )

    @cached_property
    def overrides(self) -> tuple[Location, ...]:
        """The lines that put another dependency of a FastAPI application in the place of one."""
        return tuple(Location(path, node.lineno, "override") for path, node in overrides(self._trees))

    @cached_property
    def expiring(self) -> tuple[Location, ...]:
        """The calls of ``sessionmaker`` whose sessions let values expire when they commit."""
        return tuple(
            Location(path, node.lineno, "sessions")
            for path, tree in self._trees.matching(_MAKING)
            for node in walk(tree)
            if isinstance(node, ast.Call) and callee(node) in ("sessionmaker", "async_sessionmaker")
            if _expires(node)
        )

    def made_by(self, fixtures: Sequence[Location]) -> tuple[Location, ...]:
        """Of the fixtures at these places those that make a database and take none: the first line of what they do."""
        return tuple(found for place in fixtures if (found := _first_step(self._trees, place)))

    def handed_out_by(self, fixtures: Sequence[Location]) -> tuple[Location, ...]:
        """Of the fixtures at these places those that take a database and make sessions or connections of it: the
        statement that hands these out. Tables have to be there by then.
        """
        return tuple(found for place in fixtures if (found := _last_step(self._trees, place)))


def _called_elsewhere(function: Function) -> set[str]:
    """The names that a function calls, without those that it defines itself."""
    nodes = list(walk(function))
    own = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
    return {callee(node) for node in nodes} - own


def _expires(making: ast.Call) -> bool:
    """Whether the source shows it: it does not where options are handed on, or a variable decides."""
    given = option(making, "expire_on_commit")
    if given is None:
        return all(one.arg for one in making.keywords)
    return isinstance(given, ast.Constant) and bool(given.value)


def _first_step(trees: Trees, place: Location) -> Location | None:
    function = trees.function_at(place)
    if function is None or any(map(_is_database, _parameters(function))):
        return None
    names = (node.id if isinstance(node, ast.Name) else node.attr for node in _named(function))
    if not any(map(_is_database, names)):
        return None
    return Location(place.path, _first_line(function.body), "fixture")


def _last_step(trees: Trees, place: Location) -> Location | None:
    function = trees.function_at(place)
    if function is None or not any(map(_is_database, _parameters(function))):
        return None
    if not any(_is_making(node) for node in walk(function)):
        return None
    handing = (one for one in function.body if any(isinstance(node, _HANDING) for node in walk(one)))
    return next((Location(place.path, one.lineno, "hands it out") for one in handing), None)


def _is_making(node: ast.AST) -> bool:
    name = callee(node)
    return _is_database(name) or name in ("connect", "begin")


def _named(function: ast.AST) -> Iterator[ast.Name | ast.Attribute]:
    return (node for node in walk(function) if isinstance(node, ast.Name | ast.Attribute))


def _is_database(name: str) -> bool:
    return _DATABASE.search(name) is not None


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    return [argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)]


def _first_line(body: Sequence[ast.stmt]) -> int:
    """Of the first statement behind a docstring that holds no others."""
    first = body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(body) > 1:
        first = body[1]
    inner = getattr(first, "body", None)
    return _first_line(inner) if isinstance(first, ast.Try | ast.With | ast.AsyncWith) and inner else first.lineno
