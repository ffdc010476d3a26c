"""Which paths the application answers, and which routers nothing includes, as FastAPI and Flask code writes it."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from kit.facts.declarations import Route, Router, Routing
from kit.facts.places import Location
from kit.inventory.declarations.paths import ANY, constants, text_of
from kit.inventory.declarations.requests import METHODS
from kit.inventory.declarations.trees import Trees, assigned, at_import, callee, option
from kit.inventory.names.names import Names
from kit.inventory.source.annotations import dotted
from kit.inventory.source.roles import role_of
from kit.inventory.source.walking import walk

_APPLICATIONS = frozenset({"FastAPI", "Flask", "Starlette", "Quart", "APIFlask"})
_ROUTERS = frozenset({"APIRouter", "Blueprint", "APIBlueprint"})
_INCLUDING = frozenset({"include_router", "register_blueprint", "mount"})
_ADDING = frozenset({"add_api_route", "add_url_rule"})
_CONCERNED = re.compile(r"[Rr]outer|[Bb]lueprint|\b(?:FastAPI|Flask|Starlette|Quart|APIFlask)\b|\.route\(")
_DEEPEST = 8
_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class _Declared:
    """A router or an application that a module binds."""

    name: str
    location: Location
    prefix: str
    is_app: bool
    overridden: bool  # a prefix given where a blueprint is registered takes the place of its own


@dataclass(frozen=True)
class _Include:
    receiver: str
    included: str
    prefix: str | None
    location: Location


@dataclass
class _Read:
    """What the files declare, as they are read; names are dotted and resolved."""

    declared: dict[str, _Declared] = field(default_factory=dict)
    includes: list[_Include] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)  # with the path as the decorator has it
    mentioned: dict[str, Location] = field(default_factory=dict)  # where a router's name is handed on
    unused: list[tuple[str, Location]] = field(default_factory=list)  # imports without a use


def read_routing(trees: Trees, names: Names) -> Routing:
    """All routes and routers of the target's modules."""
    files = [_File(path, tree, names) for path, tree in trees.matching(_CONCERNED)]
    read = _Read()
    for file in files:
        read.declared |= {one.name: one for one in file.declared()}
    for file in files:
        file.read_into(read)
    return _Joined(read).routing()


class _File:
    """One file: its names are resolved where it stands, those that a function imports included."""

    def __init__(self, path: str, tree: ast.Module, names: Names) -> None:
        self.path, self.tree, self.names = path, tree, names
        self.module = names.modules.names.get(path, "")
        self.known = constants(tree)
        self.local = self._local_imports()
        self.cached = lru_cache(maxsize=None)(self.resolve)

    def _local_imports(self) -> dict[str, str]:
        file = self.names.files.get(self.module)
        within = [item for item in file.imports if item.scope == "function"] if file else []
        return {
            name: self.names.taken(self.module, imported).dotted
            for statement in within
            for name, imported in self.names.imported(self.module, statement)
        }

    def resolve(self, name: str) -> str:
        head, _, rest = name.partition(".")
        bound = self.names.find(self.module, head)
        if head in self.local and (bound is None or not bound.name):  # a submodule is hidden by what a function imports
            return f"{self.local[head]}.{rest}".rstrip(".")
        return self.names.resolve(self.module, name).dotted

    def declared(self) -> Iterator[_Declared]:
        for node in at_import(self.tree.body):
            pair = assigned(node)
            kind = callee(pair[1]) if pair else ""
            if pair and isinstance(pair[1], ast.Call) and kind in _APPLICATIONS | _ROUTERS:
                prefix = self.prefix(pair[1]) or ""
                place = Location(self.path, node.lineno, "router")
                name = f"{self.module}.{pair[0]}"
                yield _Declared(name, place, prefix, kind in _APPLICATIONS, kind.endswith("Blueprint"))

    def prefix(self, call: ast.Call) -> str | None:
        node = option(call, "prefix", "url_prefix")
        return None if node is None else text_of(node, self.known, ANY) or ("" if _is_nothing(node) else ANY)

    def read_into(self, read: _Read) -> None:
        consumed: set[ast.AST] = set()
        for node in walk(self.tree):
            if isinstance(node, _FUNCTION):
                for decorator in node.decorator_list:
                    consumed.update(walk(getattr(decorator, "func", decorator)))
                    read.routes += self.decorated(node, decorator)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr in _INCLUDING and (include := self.include(node)):
                    read.includes.append(include)
                    consumed.update(walk(node.func, *node.args))
                elif node.func.attr in _ADDING:
                    read.routes += self.added(node)
                    consumed.update(walk(node.func))
        read.unused += self.unused()
        for node in walk(self.tree):
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load) and node not in consumed:
                name = self.cached(dotted(node) or "")
                if name in read.declared:
                    read.mentioned.setdefault(name, Location(self.path, node.lineno, "included"))

    def unused(self) -> Iterator[tuple[str, Location]]:
        """What the file imports, by its dotted name, and nothing in it uses; a package may import it for others."""
        file = self.names.files.get(self.module)
        if file is None or self.path.endswith("__init__.py") or role_of(self.path) == "test":
            return
        used = {node.id for node in walk(self.tree) if isinstance(node, ast.Name)} | {*(file.exports or ())}
        for statement in file.imports:
            for name, imported in self.names.imported(self.module, statement):
                if name not in used:
                    place = Location(self.path, statement.line, "imported, not used")
                    yield self.names.taken(self.module, imported).dotted, place

    def include(self, call: ast.Call) -> _Include | None:
        arguments = call.args[1:] if callee(call) == "mount" else call.args
        included = dotted(arguments[0] if arguments else option(call, "router", "blueprint", "app"))
        receiver = dotted(call.func.value) if isinstance(call.func, ast.Attribute) else None
        if included is None:
            return None
        prefix = text_of(call.args[0], self.known, ANY) if callee(call) == "mount" and call.args else self.prefix(call)
        place = Location(self.path, call.lineno, "included")
        return _Include(self.resolve(receiver or ""), self.resolve(included), prefix, place)

    def decorated(self, function: ast.FunctionDef | ast.AsyncFunctionDef, decorator: ast.expr) -> Iterator[Route]:
        if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Attribute):
            return
        verb = decorator.func.attr
        if verb in METHODS:
            methods: tuple[str, ...] = (verb.upper(),)
        elif verb in ("route", "api_route"):
            methods = self.methods(decorator)
        else:
            return
        yield from self.route(decorator, methods, function.name, function.lineno)

    def added(self, call: ast.Call) -> Iterator[Route]:
        views = [*call.args[1:], option(call, "endpoint"), option(call, "view_func")]
        function = next((name for name in map(dotted, views) if name), "")
        yield from self.route(call, self.methods(call), function, call.lineno)

    def methods(self, call: ast.Call) -> tuple[str, ...]:
        given = getattr(option(call, "methods"), "elts", [])
        return tuple(str(getattr(item, "value", "")).upper() for item in given) or ("GET",)

    def route(self, call: ast.Call, methods: tuple[str, ...], function: str, line: int) -> Iterator[Route]:
        assert isinstance(call.func, ast.Attribute)
        receiver = dotted(call.func.value)
        path = text_of(call.args[0] if call.args else option(call, "path", "rule"), self.known)
        if receiver and path is not None and (path.startswith("/") or path == ""):
            yield Route(methods, path, function, Location(self.path, line, "route"), self.resolve(receiver))


def _is_nothing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and not node.value


class _Joined:
    """What the files declare, joined: prefixes along the ways from the applications."""

    def __init__(self, read: _Read) -> None:
        self.read = read
        self.includes: dict[str, list[_Include]] = defaultdict(list)
        for include in read.includes:
            self.includes[include.included].append(include)

    def routing(self) -> Routing:
        return Routing(
            routes=tuple(route for declared in self.read.routes for route in self.whole(declared)),
            routers=tuple(self.router(one) for one in self.read.declared.values() if not one.is_app),
            includes=tuple(dict.fromkeys(place for one in self.read.declared.values() for place in self.included(one))),
        )

    def router(self, one: _Declared) -> Router:
        included = self.included(one)
        return Router(one.name, one.location, one.prefix, included, () if included else tuple(self.unused(one)))

    def unused(self, one: _Declared) -> Iterator[Location]:
        """The imports of it that nothing uses, each with where it may have been included."""
        for name, place in self.read.unused:
            if name in (one.name, one.name.rpartition(".")[0]):
                yield place
                including = [include.location for include in self.read.includes if include.location.path == place.path]
                made = [app.location for app in self.read.declared.values() if app.is_app]
                here = including or [location for location in made if location.path == place.path]
                yield from (Location(last.path, last.line, "include it below") for last in sorted(here)[-1:])

    def included(self, one: _Declared) -> tuple[Location, ...]:
        """The statements that include it, else the first that hands it on, as far as the source shows."""
        places = tuple(include.location for include in self.includes[one.name])
        handed_on = self.read.mentioned.get(one.name)
        return places or ((handed_on,) if handed_on and not one.is_app else ())

    def whole(self, route: Route) -> Iterator[Route]:
        """The route once for each way that leads to it; else once with what is known of its path."""
        declared = self.read.declared.get(route.router)
        if declared is None:  # of an application or a router that a function makes
            yield _at(route, "" if route.router.rpartition(".")[2] == "app" else ANY, reached=True)
            return
        prefixes = dict.fromkeys(self.prefixes(declared, _DEEPEST))
        for prefix in prefixes:
            yield _at(route, prefix, reached=True)
        if not prefixes:
            reached = bool(self.included(declared))
            yield _at(route, ANY + declared.prefix if reached else declared.prefix, reached=reached)

    def prefixes(self, declared: _Declared, depth: int) -> Iterable[str]:
        if declared.is_app and not self.includes[declared.name]:
            yield ""
        for include in self.includes[declared.name] if depth else ():
            own = declared.prefix
            if declared.overridden:
                inner = own if include.prefix is None else include.prefix
            else:
                inner = (include.prefix or "") + own
            outer = self.read.declared.get(include.receiver)
            if outer is None or outer.is_app:
                yield inner
            else:
                for prefix in self.prefixes(outer, depth - 1):
                    yield prefix + inner


def _at(route: Route, prefix: str, *, reached: bool) -> Route:
    return Route(route.methods, prefix + route.path or "/", route.function, route.location, route.router, reached)
