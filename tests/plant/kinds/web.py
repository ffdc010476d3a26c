"""Faults of FastAPI's and Flask's routes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.plant.app import App, File, Place, Planting, header_end, in_one_file

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_METHODS = frozenset({"get", "post", "put", "patch", "delete", "route"})
_OTHER = {"get": "put", "post": "put", "put": "post", "patch": "put", "delete": "put"}


def response_annotation(app: App) -> Iterator[Planting]:
    """A return annotation that FastAPI takes for a model, and that is none."""
    union = '__import__("typing").Union[dict, __import__("starlette.responses").responses.Response]'
    for file, function, call in _routes(app):
        if "fastapi" in file.text and not any(keyword.arg == "response_model" for keyword in call.keywords):
            if function.returns:
                line, text = function.returns.lineno, file.with_node(function.returns, union)
            else:
                line, column = header_end(file, function)
                lines = file.text.splitlines()
                lines[line - 1] = f"{lines[line - 1][:column]} -> {union}{lines[line - 1][column:]}"
                text = "\n".join(lines) + "\n"
            yield _at_route("response-annotation", app, file, function, text, f"{function.name} at {line}")


def router_not_included(app: App) -> Iterator[Planting]:
    """A router or blueprint that no application includes."""
    for file in app.production:
        for node in file.nodes(ast.Expr):
            assert isinstance(node, ast.Expr)
            call = node.value
            called = call.func.attr if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) else ""
            if called in ("include_router", "register_blueprint"):
                text = file.with_node(node, "pass")
                yield in_one_file("router-not-included", app, file, node.lineno, text, file.source(node)[:80])


def route_renamed(app: App) -> Iterator[Planting]:
    """A route answers to another path."""
    for file, function, call in _routes(app):
        path = call.args[0]
        if isinstance(path, ast.Constant) and len(str(path.value)) > 1:
            text = file.with_node(path, f'"/v2{path.value}"')
            yield _at_route("route-renamed", app, file, function, text, f"/v2{path.value}")


def route_method(app: App) -> Iterator[Planting]:
    """A route answers to another method."""
    for file, function, call in _routes(app):
        assert isinstance(call.func, ast.Attribute)
        if other := _OTHER.get(call.func.attr):
            text = file.with_node(call.func, f"{file.source(call.func.value)}.{other}")
            yield _at_route("route-method", app, file, function, text, f"{other} in place of {call.func.attr}")


def _at_route(kind: str, app: App, file: File, function: _Function, text: str, what: str) -> Planting:
    """A planting in a route: its decorators and its header are one place to who reads it."""
    first = min([function.lineno, *(mark.lineno for mark in function.decorator_list)])
    end, _ = header_end(file, function)
    places = tuple(Place(file.path, line) for line in range(first, end + 1))
    return Planting(kind, app.name, what, places, ((file.path, text),))


def _routes(app: App) -> Iterator[tuple[File, _Function, ast.Call]]:
    for file in app.production:
        for function in file.functions:
            for call in function.decorator_list:
                if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.args):
                    continue
                if call.func.attr in _METHODS and isinstance(call.args[0], ast.Constant):
                    yield file, function, call


PLANTERS = (response_annotation, router_not_included, route_renamed, route_method)
