"""The texts that ``parametrize`` gives the parameters of a test function."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from kit.inventory.declarations.paths import text_of
from kit.inventory.declarations.trees import Function, callee, option


def texts_given(function: Function, known: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """By parameter: each text that it is given, in order; ``known`` are the module's names for texts."""
    found: dict[str, list[str]] = {}
    for mark in function.decorator_list:
        if isinstance(mark, ast.Call) and callee(mark) == "parametrize":
            names = mark.args[0] if mark.args else option(mark, "argnames")
            values = mark.args[1] if len(mark.args) > 1 else option(mark, "argvalues")
            for name, value in _pairs(names, values):
                text = text_of(value, known)
                if text is not None:
                    found.setdefault(name, []).append(text)
    return {name: tuple(dict.fromkeys(texts)) for name, texts in found.items()}


def _pairs(names: ast.expr | None, values: ast.expr | None) -> Iterator[tuple[str, ast.expr]]:
    """The parameters with the expression for each set of values."""
    named = _names(names)
    for one in getattr(values, "elts", []):
        given = one.args if callee(one) == "param" else [one]
        if len(named) > 1 and len(given) == 1:
            given = getattr(given[0], "elts", [])
        yield from zip(named, given, strict=False)


def _names(node: ast.expr | None) -> list[str]:
    if isinstance(node, ast.Constant):
        return [name.strip() for name in str(node.value).split(",")]
    return [str(getattr(one, "value", "")) for one in getattr(node, "elts", [])]
