"""A path operation whose response model contains a Response class: FastAPI refuses it when the module is imported.

It takes a model, or one Response class alone, but nothing made of both. An explicit ``response_model=None`` is fine.
https://fastapi.tiangolo.com/tutorial/response-model/#invalid-return-type-annotations
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from kit.facts.inventory import Finding, Severity
from kit.facts.places import Location
from kit.inventory.findings.shared.view import View
from kit.inventory.names.names import Names, Origin
from kit.inventory.source.annotations import arguments, dotted, head, parse
from kit.inventory.source.records import FileRecord, RouteRecord
from kit.inventory.source.roles import TOGETHER, role_of

KIND = "response-annotation"
_FRAMEWORKS = frozenset({"fastapi", "starlette"})
#: ``type[Response]`` is a type like any other, and a literal is not a class
_NOT_INSIDE = frozenset({"type", "Type", "Literal"})


@dataclass(frozen=True)
class _Refused:
    """A route, and the annotation that FastAPI refuses: where it stands, and as what."""

    path: str
    route: RouteRecord
    line: int
    annotation: str
    where: str

    @property
    def location(self) -> Location:
        return Location(self.path, self.line, "annotation")

    @property
    def name(self) -> str:
        return f"{self.route.method.upper()} {self.route.path}" if self.route.path is not None else self.route.function


def find(view: View) -> Iterator[Finding]:
    """One finding for each route; each names the others of the same pattern."""
    refused = [item for module, file in view.names.files.items() for item in _refused(view.names, module, file)]
    for item in refused:
        others = [other for other in refused if other != item]
        yield Finding(
            id=f"{KIND}:{item.path}:{item.route.function}",
            kind=KIND,
            severity=_severity(item.path, view),
            title=f'Route {item.name} {item.where} "{item.annotation}", which FastAPI refuses',
            locations=(item.location,),
            evidence=(
                f"FastAPI makes a response model of it when {item.path} is imported, and raises, so the import fails",
                *(f"Same pattern: {other.name} at {other.location}" for other in others),
            ),
            details={
                "route": item.name,
                "function": item.route.function,
                "annotation": item.annotation,
                "same_pattern": [str(other.location) for other in others],
            },
        )


def _severity(path: str, view: View) -> Severity:
    """It blocks whatever imports the file; an example that the suite does not load may show just that."""
    is_loaded = role_of(path) in TOGETHER or path in (view.suite_paths or ())
    return "blocks_now" if is_loaded else "smell"


def _refused(names: Names, module: str, file: FileRecord) -> Iterator[_Refused]:
    for route in file.routes:
        if not _is_fastapi(names, module, file, route):
            continue
        if route.response_model is not None:
            if _contains_response(names, module, parse(route.response_model)):
                line = route.response_model_line or route.line
                yield _Refused(file.path, route, line, route.response_model, "has the response_model")
        elif route.returns is not None and _is_refused(names, module, parse(route.returns)):
            yield _Refused(file.path, route, route.returns_line or route.def_line, route.returns, "returns")


def _is_fastapi(names: Names, module: str, file: FileRecord, route: RouteRecord) -> bool:
    """Whether the decorator's object is FastAPI's: made by one of its classes, or at least in a file that uses it."""
    origin = names.resolve(module, route.receiver)
    called = names.call_of(origin)
    if called is not None and called.module.partition(".")[0] in _FRAMEWORKS:
        return True
    imported = {(item.module or item.names[0].name).partition(".")[0] for item in file.imports if item.level == 0}
    return bool(imported & _FRAMEWORKS) and "flask" not in imported


def _is_refused(names: Names, module: str, annotation: ast.expr | None) -> bool:
    """A return annotation may be a Response class alone, and must not contain one in anything else. FastAPI evaluates
    one that is a string as a whole; a string inside of it stays unresolved, and is taken.
    """
    unquoted = _unquoted(annotation)
    return not _is_response(names, module, unquoted) and _contains_response(names, module, unquoted)


def _contains_response(names: Names, module: str, node: ast.expr | None) -> bool:
    if isinstance(node, ast.BinOp):
        return any(_contains_response(names, module, side) for side in (node.left, node.right))
    if isinstance(node, ast.Subscript):
        inside = arguments(node) if head(node) not in _NOT_INSIDE else []
        return any(_contains_response(names, module, item) for item in inside)
    return _is_response(names, module, node)


def _unquoted(node: ast.expr | None) -> ast.expr | None:
    return parse(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else node


def _is_response(names: Names, module: str, node: ast.expr | None) -> bool:
    name = dotted(node)
    return name is not None and _is_response_class(names, names.resolve(module, name), depth=0)


def _is_response_class(names: Names, origin: Origin, depth: int) -> bool:
    """A Response class of the framework, or one of the target's that inherits from one."""
    record = names.classes.get((origin.module, origin.name))
    if record is not None and depth < 20:
        bases = (names.resolve(origin.module, base) for base in record.bases)
        return any(_is_response_class(names, base, depth + 1) for base in bases)
    return origin.module.partition(".")[0] in _FRAMEWORKS and origin.name.endswith("Response")
