"""Branches that never run, because one before them takes all that they are for."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from typing import Any, NamedTuple

from kit.facts.places import Location
from kit.inventory.declarations.trees import Trees, callee, is_built_in_kind
from kit.inventory.source.walking import walk

_LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)
#: by the operator of the wider condition: those of the narrower one that it takes in, with how the two numbers compare
_TAKES: dict[type[ast.cmpop], dict[type[ast.cmpop], Any]] = {
    ast.Gt: {ast.Gt: operator.ge, ast.GtE: operator.gt, ast.Eq: operator.gt},
    ast.GtE: {ast.Gt: operator.ge, ast.GtE: operator.ge, ast.Eq: operator.ge},
    ast.Lt: {ast.Lt: operator.le, ast.LtE: operator.lt, ast.Eq: operator.lt},
    ast.LtE: {ast.Lt: operator.le, ast.LtE: operator.le, ast.Eq: operator.le},
    ast.NotEq: {ast.Eq: operator.ne},
}
_ENDS = frozenset({"startswith", "endswith"})
#: what stands in each file where one branch may hide another
_TWO_CONDITIONS = re.compile(r"\b(?:if|elif|except)\b.*\b(?:if|elif|except)\b", re.DOTALL)


class Shadowed(NamedTuple):
    """The condition of ``taking`` takes all that the one of ``taken`` is for; ``lines`` run in its place."""

    taking: Location
    taken: Location
    lines: range


class _Arm(NamedTuple):
    condition: ast.expr
    body: Sequence[ast.stmt]


@dataclass(frozen=True)
class Branches:
    """Questions about the branches of functions."""

    trees: Trees

    @cached_property
    def shadowed(self) -> Callable[[Location], Shadowed | None]:
        """The first branch of the function at a place that one before it keeps from running. The answers are kept:
        detectors ask for the same functions again and again, and of a large source few trees stay.
        """
        return lru_cache(maxsize=None)(self._shadowed)

    def _shadowed(self, place: Location) -> Shadowed | None:
        if not _TWO_CONDITIONS.search(self.trees.text(place.path)):
            return None
        function = self.trees.function_at(place)
        for chain in _chains(function) if function else ():
            for wide, narrow in combinations(chain, 2):
                if _implies(narrow.condition, wide.condition):
                    at, hidden = wide.condition.lineno, narrow.condition.lineno
                    lines = range(wide.body[0].lineno, (wide.body[-1].end_lineno or at) + 1)
                    return Shadowed(Location(place.path, at, "taking"), Location(place.path, hidden, "taken"), lines)
        return None


def _chains(function: ast.AST) -> Iterator[list[_Arm]]:
    """The conditions of a function that follow one another, each of which counts only where those before were false."""
    for node in walk(function):
        if isinstance(node, ast.Try):
            yield [_Arm(one.type, one.body) for one in node.handlers if one.type]
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if isinstance(body, list) and not (name == "orelse" and _is_elif(node)):
                yield from _chains_in(body)


def _chains_in(body: Sequence[ast.stmt]) -> Iterator[list[_Arm]]:
    chain: list[_Arm] = []
    for statement in body:
        if not isinstance(statement, ast.If):
            yield chain
            chain = []
            continue
        arms = list(_arms(statement))
        chain += arms
        if not all(isinstance(arm.body[-1], _LEAVING) for arm in arms):
            yield chain
            chain = []
    yield chain


def _arms(statement: ast.If) -> Iterator[_Arm]:
    yield _Arm(statement.test, statement.body)
    if _is_elif(statement):
        yield from _arms(statement.orelse[0])  # type: ignore[arg-type]


def _is_elif(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If)


def _implies(narrow: ast.expr, wide: ast.expr) -> bool:
    """Whether whatever meets one condition meets the other one too, as far as their form tells."""
    if isinstance(wide, ast.BoolOp):
        told = (_implies(narrow, one) for one in wide.values)
        return any(told) if isinstance(wide.op, ast.Or) else all(told)
    if isinstance(narrow, ast.BoolOp):
        told = (_implies(one, wide) for one in narrow.values)
        return any(told) if isinstance(narrow.op, ast.And) else all(told)
    if isinstance(narrow, ast.Name) and isinstance(wide, ast.Name):  # of except clauses; else the same condition twice
        return narrow.id == wide.id or is_built_in_kind(narrow.id, wide.id)
    if isinstance(wide, ast.Call) and _subject(wide) == _subject(narrow) is not None:
        return _call_takes(wide, narrow)
    if isinstance(wide, ast.Compare) and isinstance(narrow, ast.Compare) and _subject(wide) == _subject(narrow):
        return _comparison_takes(wide, narrow)
    return False


def _subject(node: ast.expr) -> str | None:
    """What a condition is about: the left of a comparison, the object of ``startswith``, that of ``isinstance``."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return ast.unparse(node.left)
    if isinstance(node, ast.Call) and callee(node) in _ENDS and isinstance(node.func, ast.Attribute):
        return ast.unparse(node.func.value)
    return ast.unparse(node.args[0]) if callee(node) == "isinstance" and len(node.args) == 2 else None  # type: ignore[attr-defined]


def _comparison_takes(wide: ast.Compare, narrow: ast.Compare) -> bool:
    limit, value = _constant(wide.comparators[0]), _constant(narrow.comparators[0])
    if isinstance(wide.ops[0], ast.In) and isinstance(limit, tuple):
        values = value if isinstance(narrow.ops[0], ast.In) and isinstance(value, tuple) else (value,)
        return isinstance(narrow.ops[0], ast.In | ast.Eq) and set(values) <= set(limit)
    fits = _TAKES.get(type(wide.ops[0]), {}).get(type(narrow.ops[0]))
    if fits is None or limit is None or value is None:
        return type(wide.ops[0]) is type(narrow.ops[0]) and ast.dump(wide) == ast.dump(narrow)
    try:
        return bool(fits(value, limit))
    except TypeError:
        return False


def _call_takes(wide: ast.Call, narrow: ast.expr) -> bool:
    if callee(wide) == "isinstance":
        names = [ast.unparse(one.args[1]) for one in (narrow, wide) if isinstance(one, ast.Call)]
        return callee(narrow) == "isinstance" and (names[0] == names[1] or is_built_in_kind(*names))
    end = _constant(wide.args[0]) if wide.args else None
    if isinstance(narrow, ast.Compare):
        value = _constant(narrow.comparators[0]) if isinstance(narrow.ops[0], ast.Eq) else None
    else:
        same = isinstance(narrow, ast.Call) and callee(narrow) == callee(wide)
        value = _constant(narrow.args[0]) if same and narrow.args else None  # type: ignore[attr-defined]
    return isinstance(end, str) and isinstance(value, str) and bool(getattr(value, callee(wide))(end))


def _constant(node: ast.expr) -> Any:
    """The value of a literal; ``None`` for anything else, and for what cannot be compared."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        return None
    value = tuple(value) if isinstance(value, list | set) else value
    return value if isinstance(value, str | int | float) or _is_plain(value) else None


def _is_plain(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(one, str | int | float) for one in value)
