"""URL paths as source writes them: literals, f-strings, constants of the module, and sums of these."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from functools import lru_cache

from kit.inventory.declarations.trees import assigned, at_import

#: stands for any number of parts of a path, where only running the code would tell them
ANY = "{*}"
_RELATIVE = re.compile(r"[\w{}][\w{}.-]*/[\w{}./-]*")
_HOST = re.compile(r"^(?:\w+://[^/]*|\{\}(?=/))")


@lru_cache(maxsize=64)  # callers ask for one function of a file after the other
def constants(tree: ast.Module) -> Mapping[str, str]:
    """The module's names for texts."""
    found: dict[str, str] = {}
    for node in at_import(tree.body):
        pair = assigned(node)
        if pair and isinstance(pair[1], ast.Constant | ast.JoinedStr | ast.BinOp):
            text = text_of(pair[1], found)
            if text is not None:
                found[pair[0]] = text
    return found


def text_of(node: ast.expr | None, known: Mapping[str, str], unknown: str = "{}") -> str | None:
    """The text of an expression, ``unknown`` stands for what only running it would tell; ``None``: it is not a text."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.JoinedStr):
        return "".join(_part(value, known, unknown) for value in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = [text_of(side, known, unknown) for side in (node.left, node.right)]
        return None if sides == [None, None] else "".join(unknown if side is None else side for side in sides)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        text = text_of(node.func.value, known, unknown)
        return re.sub(r"\{[^{}]*\}", unknown, text) if text else None
    return None


def _part(node: ast.expr, known: Mapping[str, str], unknown: str) -> str:
    inner = node.value if isinstance(node, ast.FormattedValue) else node
    text = text_of(inner, known, unknown) if isinstance(inner, ast.expr) else None
    return unknown if text is None else text


def requested(text: str) -> str | None:
    """The path of a requested address, without host and query; ``None`` for what is not an address. A client with a
    base URL takes ``"heroes/1"`` for ``"/heroes/1"``; without any slash it may as well be the key of a dictionary.
    """
    path = _HOST.sub("", text).partition("?")[0].partition("#")[0]
    if _RELATIVE.fullmatch(path):
        return f"/{path}"
    return path if path.startswith("/") else None
