"""The views of Flask endpoints: which functions one name is given to.

An endpoint is called as its ``endpoint=`` says, else as its function; those of a blueprint stand below its name. A
router that a function makes is another one than that of the next function, though both may be called ``app``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from kit.facts.places import Location
from kit.inventory.declarations.requests import METHODS
from kit.inventory.declarations.trees import Trees, assigned, callee, option
from kit.inventory.names.names import Names
from kit.inventory.source.annotations import dotted
from kit.inventory.source.walking import walk

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_CONCERNED = re.compile(rf"\.(?:route|add_url_rule|{'|'.join(sorted(METHODS))})\b|\b\w*Blueprint\b")
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class _View:
    """``function`` and ``made`` tell two functions apart: its name, and its line where that is known."""

    endpoint: str
    router: str
    function: str
    made: int | None
    location: Location


def views_of(trees: Trees, names: Names, endpoint: str) -> tuple[Location, ...]:
    """The views that one router has for an endpoint (``"blueprint.name"``, or ``"name"`` of the application), where it
    has several: the last first, since that is the one which Flask refuses.
    """
    files = [_File(path, tree, names) for path, tree in trees.matching(_CONCERNED)]
    blueprints = {router: name for file in files for router, name in file.blueprints()}
    blueprint, _, name = endpoint.rpartition(".")
    found = [
        view
        for file in files
        for view in file.views()
        if view.endpoint == name and _fits(blueprints, view.router, blueprint.rpartition(".")[2])
    ]
    found.sort(key=lambda view: (view.router, view.location))
    several = [list(views) for _, views in groupby(found, key=lambda view: view.router)]
    return tuple(view.location for views in several if len(_functions(views)) > 1 for view in reversed(views))


def _fits(blueprints: Mapping[str, str], router: str, blueprint: str) -> bool:
    """Whether a router can be the blueprint of this name (empty: the application)."""
    return blueprints[router] in (blueprint, "") if router in blueprints else not blueprint or "." not in router


def _functions(views: list[_View]) -> set[tuple[str, int | None]]:
    """The functions behind views. A function that a call names is left out where a decorated one has the same name."""
    lines = {(view.function, view.made) for view in views if view.made is not None}
    decorated = {name for name, _ in lines}
    return lines | {(view.function, None) for view in views if view.made is None and view.function not in decorated}


class _File:
    """One file, with the function that each of its nodes stands in."""

    def __init__(self, path: str, tree: ast.Module, names: Names) -> None:
        self.path, self.tree, self.names = path, tree, names
        self.module = names.modules.names.get(path, "")
        self.around: dict[ast.AST, _Function] = {}
        for function in walk(tree):  # the outer ones come first
            if isinstance(function, _FUNCTIONS):
                self.around |= dict.fromkeys((node for one in function.body for node in walk(one)), function)

    def blueprints(self) -> Iterator[tuple[str, str]]:
        """Each blueprint with its name; empty where that takes running code."""
        for node in walk(self.tree):
            pair = assigned(node)
            if pair and callee(pair[1]).endswith("Blueprint") and isinstance(pair[1], ast.Call):
                given = pair[1].args[0] if pair[1].args else option(pair[1], "name")
                yield self.router(pair[0], node), _text(given)

    def views(self) -> Iterator[_View]:
        """What decorators and calls of ``add_url_rule`` declare."""
        for node in walk(self.tree):
            if isinstance(node, _FUNCTIONS):
                for call in node.decorator_list:
                    if isinstance(call, ast.Call) and _is_route(call):
                        name = _text(option(call, "endpoint")) or node.name
                        yield self.view(call, name, node.name, node.lineno, node)
            elif isinstance(node, ast.Call) and callee(node) == "add_url_rule":
                yield from self.added(node)

    def added(self, call: ast.Call) -> Iterator[_View]:
        view = option(call, "view_func") or next(iter(call.args[2:3]), None)
        given = _text(option(call, "endpoint") or next(iter(call.args[1:2]), None))
        if isinstance(view, ast.Call):  # each call of as_view makes a function
            named = _text(next(iter(view.args), None)) if callee(view) == "as_view" else ""
            if given or named:
                yield self.view(call, given or named, named, call.lineno, call)
        elif name := dotted(view):
            last = name.rpartition(".")[2]
            yield self.view(call, given or last, last, None, call)

    def view(self, call: ast.Call, endpoint: str, function: str, made: int | None, node: ast.stmt | ast.expr) -> _View:
        receiver = dotted(call.func.value) if isinstance(call.func, ast.Attribute) else None
        place = Location(self.path, node.lineno, "route")
        return _View(endpoint, self.router(receiver or "", node), function, made, place)

    def router(self, name: str, node: ast.AST) -> str:
        """What tells a router apart: its dotted name, or for one that a function makes, file, line and name."""
        function = self.around.get(node)
        while function is not None:
            if any((pair := assigned(one)) and pair[0] == name for one in walk(function)):
                return f"{self.path}:{function.lineno}:{name}"
            function = self.around.get(function)
        return self.names.resolve(self.module, name).dotted


def _is_route(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in {"route", *METHODS}


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
