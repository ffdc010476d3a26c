"""All nodes of a tree, in less than half the time of ``ast.walk``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

#: the fields that hold no node, or one without a place: whether a name is read, which operator stands there
_LEFT_OUT = frozenset({"arg", "attr", "ctx", "id", "kind", "op", "ops", "type_comment"})


class _Fields(dict[type, tuple[str, ...]]):
    """By class of a node: the fields that are looked at."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        self[kind] = tuple(name for name in kind._fields if name not in _LEFT_OUT)
        return self[kind]


_FIELDS = _Fields({ast.Constant: ()})


def walk(*nodes: ast.AST) -> Iterator[ast.AST]:
    """These nodes and all below them, in the order of ``ast.walk``, except for operators and contexts of names."""
    ahead: list[Any] = list(nodes)
    for one in ahead:  # it grows meanwhile
        if not isinstance(one, ast.AST):  # a missing key of a dictionary, a name that is global
            continue
        yield one
        for name in _FIELDS[type(one)]:
            value = getattr(one, name, None)
            if isinstance(value, list):
                ahead += value
            elif value is not None:
                ahead.append(value)
