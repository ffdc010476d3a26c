"""The requests that a test function makes with a client: method, path, line."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from kit.facts.declarations import Request
from kit.facts.places import Location
from kit.inventory.declarations.parameters import texts_given
from kit.inventory.declarations.paths import constants, requested, text_of
from kit.inventory.declarations.trees import Function, Trees, callee, option
from kit.inventory.source.walking import walk

METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})


def requests_in(trees: Trees, path: str, function: str) -> tuple[Request, ...]:
    """Those of the functions of this name in a file, by line; one for each path that ``parametrize`` gives."""
    defined = trees.functions(path).get(function, ())
    known = constants(tree) if defined and (tree := trees.tree(path)) else {}
    found = [request for node in defined for request in _requests(path, node, known)]
    return tuple(sorted(found, key=lambda request: request.location.line))


def _requests(path: str, function: Function, known: Mapping[str, str]) -> Iterator[Request]:
    given = texts_given(function, known)
    for node in walk(function):
        name = callee(node)
        if (
            isinstance(node, ast.Call)
            and (name in METHODS or name == "request")
            and isinstance(node.func, ast.Attribute)
        ):
            arguments = list(node.args)
            method = text_of(arguments.pop(0), known) if name == "request" and len(arguments) > 1 else name
            address = arguments[0] if arguments else option(node, "url", "path")
            for text in _texts(address, known, given):
                asked = requested(text)
                if asked and method:
                    yield Request(method.upper(), asked, Location(path, node.lineno, "request"))


def _texts(node: ast.expr | None, known: Mapping[str, str], given: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The text of an address; one for each text of the parameter that it is, or begins with."""
    text = text_of(node, known)
    names = [one.id for one in walk(node) if isinstance(one, ast.Name)] if node else []
    parameter = next((name for name in names if name in given), None)
    if parameter and (text is None or text.startswith("{}")):
        texts = (text_of(node, {**known, parameter: one}) for one in given[parameter])
        yield from (one for one in texts if one is not None)
    elif text is not None:
        yield text
