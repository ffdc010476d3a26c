"""The record of one file while a walk fills it (see ``statements.py``): imports, names, tables, routes."""

from __future__ import annotations

import ast

from .declarations import add_attribute, index_record, route_record, table_record
from .expressions import (
    Source,
    callee,
    constant,
    dotted,
    fills_its_module,
    full,
    lazy_module,
    literal,
    options_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, List, Optional

    #: a part of the record of a file, see kit.inventory.source.records
    Record = Dict[str, Any]


HTTP_DECORATORS = frozenset(("get", "post", "put", "patch", "delete", "options", "head", "trace", "api_route"))
IMPERATIVE_CALLS = frozenset(("map_imperatively", "mapper"))
DYNAMIC_IMPORTS = frozenset(("import_module", "__import__"))
#: calls of the library atpublic, which give the module the names of their keyword arguments
PUBLISHING = frozenset(("public", "private"))
LISTS = (
    "imports",
    "bindings",
    "classes",
    "local_classes",
    "local_bases",
    "patched",
    "tables",
    "mappings",
    "indexes",
    "routes",
)
#: what a module may bind names with that no statement shows
UNSEEN = ("globals()", "vars()", "locals()", "sys.modules", "\nexec(")
#: the event on which a module may import what mappers still miss
CONFIGURING = "before_configured"
#: where a binding of a name is a binding of the module's namespace
MODULE_LEVEL = frozenset(("module", "try", "type_checking"))


class RecordBuilder:
    """What a file says, so far. ``data`` has the shape that ``kit.inventory.source.records`` describes."""

    def __init__(self, text: str) -> None:
        self.source = Source(text)
        # most files have none, and looking for them costs as much as the rest of the walk
        self.imports_dynamically = "import_" in text and any(name in text for name in DYNAMIC_IMPORTS)
        self._names_itself = "__name__" in text
        self.maps_imperatively = any(name + "(" in text for name in IMPERATIVE_CALLS)
        self.data: Record = {key: [] for key in LISTS}
        self.data["binds_unseen"] = any(name in text for name in UNSEEN)
        self.data["loads_late"] = CONFIGURING in text
        #: the first and last lines of the statements that decide at run time what of them runs
        self.conditions: List[Any] = []
        #: those of the statements in functions and classes whose imports are expected to fail
        self.expecting: List[Any] = []

    def finished(self) -> Record:
        """The record without its empty values."""
        exports = self.data.pop("exports", None)  # an empty __all__ says something, so it is kept
        self._mark_imports()
        return dict(full(self.data), **({} if exports is None else {"exports": exports}))

    def _mark_imports(self) -> None:
        """Append to each import whether it is conditional, and whether its failure is expected; nothing where neither
        is so.
        """
        if self.conditions or self.expecting:
            for record in self.data["imports"]:
                conditional, may_fail = (is_in(record[0], lines) for lines in (self.conditions, self.expecting))
                record += [conditional, True] if may_fail else [True] if conditional else []

    def add_import(
        self, node: Any, kind: str, level: int, module: Optional[str], names: List[List[Optional[str]]], scope: str
    ) -> None:
        self.data["imports"].append([node.lineno, node.end_lineno, kind, level, module, names, scope])

    def bind(self, name: str, line: int, kind: str, value: Optional[str] = None, bare: bool = False) -> None:
        self.data["bindings"].append([name, line, kind, value, bare] if bare else [name, line, kind, value])

    def note_value(self, value: Any, scope: str) -> None:
        """What a statement calls or assigns may give the module names."""
        if self._names_itself and scope in MODULE_LEVEL and fills_its_module(value):
            self.data["binds_unseen"] = True

    def add_local_class(self, node: ast.ClassDef) -> None:
        """A class in a function: it exists while the function runs, and only then."""
        self.data["local_classes"].append(node.name)
        self.data["local_bases"] += [name for name in map(dotted, node.bases) if name]

    def add_assignment(
        self, node: Any, name: str, annotation: Optional[ast.AST], scope: str, owner: Optional[Record]
    ) -> None:
        """``name: annotation = value``, in the body of the class ``owner`` or in a module."""
        value = node.value
        if owner is not None:
            add_attribute(owner, self.source, node, name, value, annotation)
        elif scope in MODULE_LEVEL and lazy_module(value):
            self.add_import(node, "import_module", 0, None, [[lazy_module(value), name]], "lazy")
        elif scope in MODULE_LEVEL:
            self.add_exports(name, value)
            is_call = isinstance(value, ast.Call)
            reference = dotted(value.func if is_call else value)
            kind = ("call" if is_call else "alias") if reference else "value"
            reference = reference or constant(value)
            self.bind(name, node.lineno, kind, reference, is_call and not (value.args or value.keywords))
            if callee(value) == "Table":
                self.data["tables"].append(table_record(self.source, name, value))

    def add_exports(self, name: str, value: Any) -> None:
        """The names in ``value``, where ``name`` is ``__all__``."""
        if name == "__all__" and isinstance(value, (ast.List, ast.Tuple, ast.Set)):
            names = [literal(element) for element in value.elts]
            self.data["exports"] = self.data.get("exports", []) + [name for name in names if name]

    def add_call(self, value: Any, scope: str) -> None:
        """A statement that is nothing but a call."""
        call = callee(value)
        if call in PUBLISHING and scope in MODULE_LEVEL:
            for name in options_of(value):
                self.bind(name, value.lineno, "value")
        elif call == "Index" and scope in MODULE_LEVEL:
            self.data["indexes"].append(index_record(value))
        elif call in IMPERATIVE_CALLS and len(value.args) > 1:
            mapped, table = map(dotted, value.args[:2])
            if mapped and table:
                registry = (dotted(value.func) or "").rpartition(".")[0]
                self.data["mappings"].append([value.lineno, mapped, table, registry])
        elif call in ("extend", "append") and dotted(value.func) == "__all__." + call and value.args:
            self.add_exports("__all__", value.args[0] if call == "extend" else ast.List(elts=value.args[:1]))

    def add_dynamic_import(self, node: Any, value: Any, scope: str) -> None:
        """``import_module("a.b")`` or ``__import__("a.b")`` with a literal, also when something is taken from it."""
        while value is not None:
            name = callee(value)
            argument = literal(value.args[0]) if name in DYNAMIC_IMPORTS and value.args else None
            if argument:
                module = argument.lstrip(".")
                self.add_import(node, name, len(argument) - len(module), None, [[module, None]], scope)
                return
            inside = {ast.Call: "func", ast.Attribute: "value", ast.Await: "value"}.get(type(value))
            value = getattr(value, inside) if inside else None

    def add_route(self, node: Any, decorator: Any) -> None:
        """The path operation that ``decorator`` makes of the function ``node``, if it makes one."""
        function = getattr(decorator, "func", None)
        if not isinstance(function, ast.Attribute) or function.attr not in HTTP_DECORATORS:
            return
        path = decorator.args[0] if decorator.args else options_of(decorator).get("path")
        if path is not None and dotted(function.value):
            self.data["routes"].append(route_record(self.source, node, decorator, path))

    def add_declared_attribute(self, node: Any, owner: Record) -> None:
        """``@declared_attr def x(cls): return Column(...)`` declares what it returns."""
        owner["others"].append(node.name)
        names = [dotted(decorator) or "" for decorator in node.decorator_list]
        if any("declared_attr" in name.split(".") for name in names):
            for statement in node.body:
                if isinstance(statement, ast.Return) and statement.value is not None:
                    add_attribute(owner, self.source, statement, node.name, statement.value, node.returns)


def is_in(line: int, statements: List[Any]) -> bool:
    """Whether a line is one of some statements, given by their first and last lines."""
    return any(first <= line <= last for first, last in statements)
