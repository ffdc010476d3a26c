"""Where the source defines what failures name: fixtures, and what stands in classes, also those inside functions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from kit.facts.declarations import FixtureScope
from kit.facts.places import Location
from kit.inventory.declarations.trees import Trees, assigned, callee, longest_word, option
from kit.inventory.source.annotations import dotted
from kit.inventory.source.walking import walk

#: SQLAlchemy's, Django's and Alembic's
_CHECKS = ("CheckConstraint", "create_check_constraint")
_FIXTURE = re.compile(r"\bfixture\b")


def read_fixtures(trees: Trees) -> dict[str, tuple[Location, ...]]:
    """The definitions of each fixture, by the name that tests ask for."""
    found: dict[str, tuple[Location, ...]] = {}
    for path, tree in trees.matching(_FIXTURE):
        for node in walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for name in _fixture_names(node):
                    found[name] = (*found.get(name, ()), Location(path, node.lineno, "fixture"))
    return found


def scope_of_fixture(trees: Trees, name: str, place: Location) -> FixtureScope | None:
    """How long the fixture that is defined at a place lives."""
    function = trees.function_at(place)
    if function is None:
        return None
    marks = [mark for mark in function.decorator_list if isinstance(mark, ast.Call) and callee(mark) == "fixture"]
    given = {key: option(mark, key) for mark in marks for key in ("scope", "loop_scope")}
    told = {key: str(value.value) for key, value in given.items() if isinstance(value, ast.Constant)}
    return FixtureScope(name, place, isinstance(function, ast.AsyncFunctionDef), **told)


def places_in_class(trees: Trees, owner: str, name: str) -> tuple[Location, ...]:
    """In classes called ``owner``: where the attribute ``name`` is declared, else where the string stands."""
    wanted = re.compile(rf"\bclass {re.escape(owner)}\b")
    for about in (_assigning, _saying):
        found = tuple(
            Location(path, line, "definition")
            for path, tree in trees.matching(wanted, owner)
            for node in walk(tree)
            if isinstance(node, ast.ClassDef) and node.name == owner
            for line in about(node, name)
        )
        if found:
            return found
    return ()


def places_of_class(trees: Trees, name: str) -> tuple[Location, ...]:
    """The definitions of a class, also those inside functions."""
    return tuple(
        Location(path, node.lineno, "definition")
        for path, tree in trees.matching(re.compile(rf"\bclass {re.escape(name)}\b"), name)
        for node in walk(tree)
        if isinstance(node, ast.ClassDef) and node.name == name
    )


def places_of_option(trees: Trees, name: str, value: str) -> tuple[Location, ...]:
    """The calls that give the keyword argument ``name`` the string ``value``: the line of the string."""
    return tuple(
        Location(path, given.lineno, name)
        for path, tree in trees.matching(
            re.compile(rf"\b{re.escape(name)}\s*=.*{re.escape(value)}"), *longest_word(value)
        )
        for node in walk(tree)
        if isinstance(node, ast.Call)
        if isinstance(given := option(node, name), ast.Constant) and given.value == value
    )


def places_of_string(trees: Trees, value: str) -> tuple[Location, ...]:
    """Where the source has a string of exactly this value."""
    return tuple(
        Location(path, node.lineno, "named")
        for path, tree in trees.matching(re.compile(re.escape(value)), *longest_word(value))
        for node in walk(tree)
        if isinstance(node, ast.Constant) and node.value == value
    )


def places_of_check(trees: Trees, said: str) -> tuple[Location, ...]:
    """The check constraints of this name or with this condition."""
    found = (
        Location(path, inner.lineno, "named")
        for path, tree in trees.matching(re.compile(re.escape(said)), *longest_word(said))
        for node in walk(tree)
        if callee(node) in _CHECKS
        for inner in walk(node)
        if isinstance(inner, ast.Constant) and inner.value == said
    )
    return tuple(dict.fromkeys(found))


def places_of_plugin(trees: Trees, name: str) -> tuple[Location, ...]:
    """Where the target requires a plugin of this name, or a conftest.py imports it."""
    found = []
    for path, tree in trees.matching(re.compile(rf"\b{re.escape(name)}\b"), *longest_word(name)):
        for node in walk(tree):
            bound = assigned(node)
            asks = bound is not None and bound[0] == "pytest_plugins" and name in _strings(node)
            if asks or (path.endswith("conftest.py") and name in _imported(node)):
                found.append(Location(path, getattr(node, "lineno", 1), "plugin"))
    return tuple(found)


def places_dropping_zone(trees: Trees) -> tuple[Location, ...]:
    """The calls that take the zone from a time: ``.replace(tzinfo=None)``."""
    return tuple(
        Location(path, given.lineno, "producer")
        for path, tree in trees.matching(re.compile(r"\btzinfo\s*=\s*None\b"))
        for node in walk(tree)
        if callee(node) == "replace" and isinstance(node, ast.Call)
        if isinstance(given := option(node, "tzinfo"), ast.Constant) and given.value is None
    )


def places_of_table(trees: Trees, name: str) -> tuple[Location, ...]:
    """The calls that make a table of this name: ``Table("name", …)``."""
    return tuple(
        Location(path, node.lineno, "table")
        for path, tree in trees.matching(re.compile(re.escape(name)), *longest_word(name))
        for node in walk(tree)
        if isinstance(node, ast.Call) and callee(node) == "Table" and node.args
        if isinstance(node.args[0], ast.Constant) and node.args[0].value == name
    )


def names_of_tables(trees: Trees) -> dict[str, Location]:
    """The names of all tables that are made by ``Table("name", …)``, with the first call of each."""
    found: dict[str, Location] = {}
    for path, tree in trees.matching(re.compile(r"\bTable\("), "Table"):
        for node in walk(tree):
            match node:
                case ast.Call(args=[ast.Constant(value=str(name)), *_]) if callee(node) == "Table":
                    found.setdefault(name, Location(path, node.lineno, "table"))
    return found


def foreign_keys_to(trees: Trees, table: str) -> tuple[Location, ...]:
    """The strings that name a column of a table in a ``ForeignKey(...)`` or a ``foreign_key=``."""
    return tuple(
        Location(path, given.lineno, "foreign key")
        for path, tree in trees.matching(re.compile(rf"{re.escape(table)}\."), *longest_word(table))
        for given in _foreign_keys(tree)
        if isinstance(given, ast.Constant) and str(given.value).rpartition(".")[0] == table
    )


def tables_referred_to(trees: Trees, place: Location) -> frozenset[str]:
    """The tables that the foreign keys of the class at a place name in strings."""
    node = trees.class_at(place)
    named = (given.value for given in _foreign_keys(node) if isinstance(given, ast.Constant)) if node else ()
    return frozenset(str(value).rpartition(".")[0] for value in named)


def foreign_keys_of(trees: Trees, place: Location) -> tuple[Location, ...]:
    """The targets of the foreign keys of a class whose statement stands at a place."""
    node = trees.class_at(place)
    return tuple(Location(place.path, given.lineno, "foreign key") for given in _foreign_keys(node)) if node else ()


def _foreign_keys(node: ast.AST) -> Iterator[ast.expr]:
    for call in walk(node):
        if isinstance(call, ast.Call):
            given = call.args[:1] if callee(call) == "ForeignKey" else [option(call, "foreign_key")]
            yield from (one for one in given if one is not None)


def _fixture_names(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    for mark in function.decorator_list:
        if callee(mark) == "fixture" and isinstance(mark, ast.Call):
            given = option(mark, "name")
            yield str(given.value) if isinstance(given, ast.Constant) else function.name
        elif (dotted(mark) or "").rpartition(".")[2] == "fixture":
            yield function.name


def _assigning(owner: ast.ClassDef, name: str) -> Iterator[int]:
    for node in owner.body:
        bound = assigned(node)
        if (bound and bound[0] == name) or _annotates(node, name):
            yield node.lineno


def _annotates(node: ast.stmt, name: str) -> bool:
    """Whether a statement is ``name: Mapped[str]``, which declares a column without any value."""
    return isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name


def _saying(owner: ast.ClassDef, name: str) -> Iterator[int]:
    word = re.compile(rf"\b{re.escape(name)}\b")
    for node in owner.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            for part in walk(node):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and word.search(part.value):
                    yield part.lineno


def _strings(node: ast.AST) -> set[object]:
    return {part.value for part in walk(node) if isinstance(part, ast.Constant)}


def _imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.ImportFrom):
        return {node.module or ""}
    return {alias.name for alias in node.names} if isinstance(node, ast.Import) else set()
