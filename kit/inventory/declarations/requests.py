"""The requests that a test function makes with a client: method, path, line."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from kit.facts.declarations import Request
from kit.facts.places import Location
from kit.inventory.declarations.paths import constants, requested, text_of
from kit.inventory.declarations.trees import Trees, callee, option

METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})


def requests_in(trees: Trees, path: str, function: str) -> tuple[Request, ...]:
    """Those of the functions of this name in a file, by line."""
    defined = trees.functions(path).get(function, ())
    known = constants(tree) if defined and (tree := trees.tree(path)) else {}
    found = [request for node in defined for request in _requests(path, node, known)]
    return tuple(sorted(found, key=lambda request: request.location.line))


def _requests(path: str, function: ast.AST, known: Mapping[str, str]) -> Iterator[Request]:
    for node in ast.walk(function):
        name = callee(node)
        if (
            isinstance(node, ast.Call)
            and (name in METHODS or name == "request")
            and isinstance(node.func, ast.Attribute)
        ):
            arguments = list(node.args)
            method = text_of(arguments.pop(0), known) if name == "request" and len(arguments) > 1 else name
            address = text_of(arguments[0] if arguments else option(node, "url", "path"), known)
            asked = requested(address) if address else None
            if asked and method:
                yield Request(method.upper(), asked, Location(path, node.lineno, "request"))
