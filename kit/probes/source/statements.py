"""A walk over the statements of one file (see ``main.py``): what it imports, binds, maps and routes.

Only statements are walked; an expression is looked into where it declares something. The walk keeps its own stack,
so that no source is nested too deeply for it.
"""

from __future__ import annotations

import ast

from . import declarations as declare
from . import loading
from .calls import Calls

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, Iterator, List, Optional, Sequence, Set, Tuple

    #: a part of the record of a file, see kit.inventory.source.records
    Record = Dict[str, Any]


HTTP_DECORATORS = frozenset(("get", "post", "put", "patch", "delete", "options", "head", "trace", "api_route"))
IMPERATIVE_CALLS = frozenset(("map_imperatively", "mapper"))
DYNAMIC_IMPORTS = frozenset(("import_module", "__import__"))
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
#: calls of the library atpublic, which give the module the names of their keyword arguments
PUBLISHING = frozenset(("public", "private"))
#: the call that creates the tables of a MetaData
CREATING = ".create_all("
#: the event on which a module may import what mappers still miss
CONFIGURING = "before_configured"
#: with these around it, a statement may fail: contextlib.suppress(ImportError), pytest.raises(ImportError)
EXPECTING = frozenset(("suppress", "raises"))
#: where a binding of a name is a binding of the module's namespace
#: how many fields an import has that is not behind a condition
IMPORT_FIELDS = 7
MODULE_LEVEL = frozenset(("module", "try", "type_checking"))


def extract(text: str) -> Record:
    """The record of a file's source; raises what ``ast.parse`` raises."""
    tree = ast.parse(text)
    record = Walk(text).run(tree)
    record.update(declare.full({"loads": loading.loads(text, tree), "creates_tables": CREATING in text}))
    return record


def typing_only(test: Optional[ast.AST]) -> Optional[bool]:
    """True for ``TYPE_CHECKING``, False for ``not TYPE_CHECKING``, ``None`` for any other condition."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return False if typing_only(test.operand) else None
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return True if any(map(typing_only, test.values)) else None
    return True if (declare.dotted(test) or "").rpartition(".")[2] == "TYPE_CHECKING" else None


class Walk:
    """One walk; ``owner`` is the record of the class whose body a statement stands in."""

    def __init__(self, text: str) -> None:
        self.source = declare.Source(text)
        self.calls = Calls(text)
        # most files have none, and looking for them costs as much as the rest of the walk
        self.imports_dynamically = "import_" in text and any(name in text for name in DYNAMIC_IMPORTS)
        self.maps_imperatively = any(name + "(" in text for name in IMPERATIVE_CALLS)
        self.in_functions = VISITORS if self.imports_dynamically or self.maps_imperatively else IN_FUNCTIONS
        self.record: Record = {key: [] for key in LISTS}
        self.record["binds_unseen"] = any(name in text for name in UNSEEN)
        self.record["loads_late"] = CONFIGURING in text
        #: the first and last lines of the statements that decide at run time what of them runs
        self.conditions: List[Any] = []
        #: what is left of each block that is being walked, the innermost last
        self.stack: List[Tuple[Iterator[ast.stmt], str, Optional[Record]]] = []
        #: functions whose definition is expected to fail
        self.refused: Set[ast.stmt] = set()

    def run(self, tree: ast.Module) -> Record:
        self.push(tree.body, "module", None)
        stack, looks = self.stack, bool(self.calls.lines)
        while stack:
            block = stack[-1]
            nodes, scope, owner = block
            visitors = self.in_functions if scope == "function" else VISITORS
            for node in nodes:
                if looks:
                    self.calls.look(node, scope)
                visit = visitors.get(node.__class__)
                if visit is not None:
                    visit(self, node, scope, owner)
                    if stack[-1] is not block:
                        break  # what stands in this statement comes before the next one
            else:
                stack.pop()
        exports = self.record.pop("exports", None)  # an empty __all__ says something, so it is kept
        self.mark_conditional()
        self.record.update(times=sorted(self.calls.times), patches=sorted(self.calls.patches))
        return dict(declare.full(self.record), **({} if exports is None else {"exports": exports}))

    def push(self, body: Sequence[ast.stmt], scope: str, owner: Optional[Record]) -> None:
        if body:
            self.stack.append((iter(body), scope, owner))

    def mark_conditional(self) -> None:
        for first, last in self.conditions:
            for record in self.record["imports"]:
                if first <= record[0] <= last and len(record) == IMPORT_FIELDS:
                    record.append(True)

    # -- blocks -----------------------------------------------------------------------------------------------------

    def function(self, node: Any, scope: str, owner: Optional[Record]) -> None:
        if owner is not None:
            self.declared_attribute(node, owner)
        elif scope in MODULE_LEVEL:
            self.bind(node.name, node.lineno, "def")
        for decorator in node.decorator_list if node not in self.refused else ():
            self.route(node, decorator)
        self.push(node.body, "type_checking" if scope == "type_checking" else "function", None)

    def class_(self, node: Any, scope: str, owner: Optional[Record]) -> None:
        if scope == "function":  # exists while the function runs, and only then
            self.record["local_classes"].append(node.name)
            self.record["local_bases"] += [name for name in map(declare.dotted, node.bases) if name]
            self.push(node.body, scope, None)
            return
        if owner is None:
            self.bind(node.name, node.lineno, "class")
        qualname = owner["qualname"] + "." + node.name if owner else node.name
        record = declare.new_class(node, qualname, scope)
        self.record["classes"].append(record)
        self.push(node.body, "type_checking" if scope == "type_checking" else "class", record)

    def if_(self, node: Any, scope: str, owner: Optional[Record]) -> None:
        only = typing_only(node.test)
        if only is None and scope != "function":
            self.conditions.append((node.lineno, node.end_lineno))
        self.push(node.orelse, "type_checking" if only is False else scope, owner)
        self.push(node.body, "type_checking" if only else scope, owner)

    def try_(self, node: Any, scope: str, owner: Optional[Record]) -> None:
        inner = "try" if scope == "module" else scope
        self.push(node.finalbody, scope, owner)
        self.push(node.orelse, inner, owner)
        for handler in reversed(node.handlers):
            self.push(handler.body, inner, owner)
        self.push(node.body, inner, owner)

    def block(self, node: Any, scope: str, owner: Optional[Record]) -> None:
        if owner is None and scope in MODULE_LEVEL:
            targets = [getattr(node, "target", None), *(item.optional_vars for item in getattr(node, "items", ()))]
            for target in targets:
                for name in getattr(target, "elts", [target]):
                    if isinstance(name, ast.Name):
                        self.bind(name.id, node.lineno, "value")
        self.push(getattr(node, "orelse", ()), scope, owner)
        expects = any(declare.callee(item.context_expr) in EXPECTING for item in getattr(node, "items", ()))
        if expects:
            self.refused.update(node.body)
        self.push(node.body, "try" if expects and scope == "module" else scope, owner)

    def match(self, node: Any, scope: str, owner: Optional[Record]) -> None:
        self.conditions.append((node.lineno, node.end_lineno))
        for case in reversed(node.cases):
            self.push(case.body, scope, owner)

    # -- statements -------------------------------------------------------------------------------------------------

    def import_(self, node: Any, scope: str, _owner: Optional[Record]) -> None:
        self.add_import(node, "import", 0, None, [[alias.name, alias.asname] for alias in node.names], scope)

    def import_from(self, node: Any, scope: str, _owner: Optional[Record]) -> None:
        names = [[alias.name, alias.asname] for alias in node.names]
        self.add_import(node, "from", node.level, node.module, names, scope)

    def assign(self, node: Any, scope: str, owner: Optional[Record]) -> None:
        self.dynamic_import(node, node.value, scope)
        self.patched(node, scope, owner)
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.assigned(node, target.id, None, scope, owner)
            elif owner is None and scope in MODULE_LEVEL:
                for element in getattr(target, "elts", ()):
                    if isinstance(element, ast.Name):
                        self.bind(element.id, node.lineno, "value")

    def patched(self, node: Any, _scope: str, _owner: Optional[Record]) -> None:
        """``Order.user = relationship(...)``."""
        for target in node.targets:
            if isinstance(target, ast.Attribute) and declare.callee(node.value) in declare.MAPPING_CALLS:
                self.record["patched"].append(target.attr)

    def annotated(self, node: Any, scope: str, owner: Optional[Record]) -> None:
        self.dynamic_import(node, node.value, scope)
        if isinstance(node.target, ast.Name):
            self.assigned(node, node.target.id, node.annotation, scope, owner)

    def augmented(self, node: Any, scope: str, owner: Optional[Record]) -> None:
        if owner is None and scope in MODULE_LEVEL and isinstance(node.target, ast.Name):
            self.export(node.target.id, node.value)
            self.bind(node.target.id, node.lineno, "value")

    def alias(self, node: Any, scope: str, owner: Optional[Record]) -> None:
        """``type Price = int`` (PEP 695)."""
        if owner is None and scope in MODULE_LEVEL:
            self.bind(node.name.id, node.lineno, "value")

    def expression(self, node: Any, scope: str, _owner: Optional[Record]) -> None:
        self.dynamic_import(node, node.value, scope)
        if scope in MODULE_LEVEL or self.maps_imperatively:
            self.call(node.value, scope)

    def call(self, value: Any, scope: str) -> None:
        call = declare.callee(value)
        if call in PUBLISHING and scope in MODULE_LEVEL:
            for name in declare.options_of(value):
                self.bind(name, value.lineno, "value")
        elif call == "Index" and scope in MODULE_LEVEL:
            self.record["indexes"].append(declare.index_record(value))
        elif call in IMPERATIVE_CALLS and len(value.args) > 1:
            mapped, table = map(declare.dotted, value.args[:2])
            if mapped and table:
                registry = (declare.dotted(value.func) or "").rpartition(".")[0]
                self.record["mappings"].append([value.lineno, mapped, table, registry])
        elif call in ("extend", "append") and declare.dotted(value.func) == "__all__." + call and value.args:
            self.export("__all__", value.args[0] if call == "extend" else ast.List(elts=value.args[:1]))

    def declared_global(self, node: Any, _scope: str, _owner: Optional[Record]) -> None:
        for name in node.names:
            self.bind(name, node.lineno, "value")

    def returned(self, node: Any, scope: str, _owner: Optional[Record]) -> None:
        self.dynamic_import(node, node.value, scope)

    # -- what they declare ------------------------------------------------------------------------------------------

    def add_import(
        self, node: Any, kind: str, level: int, module: Optional[str], names: List[List[Optional[str]]], scope: str
    ) -> None:
        self.record["imports"].append([node.lineno, node.end_lineno, kind, level, module, names, scope])

    def bind(self, name: str, line: int, kind: str, value: Optional[str] = None, bare: bool = False) -> None:
        self.record["bindings"].append([name, line, kind, value, bare] if bare else [name, line, kind, value])

    def assigned(
        self, node: Any, name: str, annotation: Optional[ast.AST], scope: str, owner: Optional[Record]
    ) -> None:
        value = node.value
        if owner is not None:
            declare.add_attribute(owner, self.source, node, name, value, annotation)
        elif scope in MODULE_LEVEL and declare.lazy_module(value):
            names = [[declare.lazy_module(value), name]]
            self.add_import(node, "import_module", 0, None, names, "lazy")
        elif scope in MODULE_LEVEL:
            self.export(name, value)
            is_call = isinstance(value, ast.Call)
            reference = declare.dotted(value.func if is_call else value)
            kind = ("call" if is_call else "alias") if reference else "value"
            reference = reference or declare.constant(value)
            self.bind(name, node.lineno, kind, reference, is_call and not (value.args or value.keywords))
            if declare.callee(value) == "Table":
                self.record["tables"].append(declare.table_record(self.source, name, value))

    def export(self, name: str, value: Any) -> None:
        if name == "__all__" and isinstance(value, (ast.List, ast.Tuple, ast.Set)):
            names = [declare.literal(element) for element in value.elts]
            self.record["exports"] = self.record.get("exports", []) + [name for name in names if name]

    def dynamic_import(self, node: Any, value: Any, scope: str) -> None:
        """``import_module("a.b")`` or ``__import__("a.b")`` with a literal, also when something is taken from it."""
        while self.imports_dynamically and value is not None:
            name = declare.callee(value)
            argument = declare.literal(value.args[0]) if name in DYNAMIC_IMPORTS and value.args else None
            if argument:
                module = argument.lstrip(".")
                self.add_import(node, name, len(argument) - len(module), None, [[module, None]], scope)
                return
            inside = {ast.Call: "func", ast.Attribute: "value", ast.Await: "value"}.get(type(value))
            value = getattr(value, inside) if inside else None

    def route(self, node: Any, decorator: Any) -> None:
        function = getattr(decorator, "func", None)
        if not isinstance(function, ast.Attribute) or function.attr not in HTTP_DECORATORS:
            return
        path = decorator.args[0] if decorator.args else declare.options_of(decorator).get("path")
        if path is not None and declare.dotted(function.value):
            self.record["routes"].append(declare.route_record(self.source, node, decorator, path))

    def declared_attribute(self, node: Any, owner: Record) -> None:
        """``@declared_attr def x(cls): return Column(...)`` declares what it returns."""
        owner["others"].append(node.name)
        names = [declare.dotted(decorator) or "" for decorator in node.decorator_list]
        if any("declared_attr" in name.split(".") for name in names):
            for statement in node.body:
                if isinstance(statement, ast.Return) and statement.value is not None:
                    declare.add_attribute(owner, self.source, statement, node.name, statement.value, node.returns)


VISITORS = {
    ast.Import: Walk.import_,
    ast.ImportFrom: Walk.import_from,
    ast.FunctionDef: Walk.function,
    ast.AsyncFunctionDef: Walk.function,
    ast.ClassDef: Walk.class_,
    ast.If: Walk.if_,
    ast.Try: Walk.try_,
    ast.With: Walk.block,
    ast.AsyncWith: Walk.block,
    ast.For: Walk.block,
    ast.AsyncFor: Walk.block,
    ast.While: Walk.block,
    ast.Assign: Walk.assign,
    ast.AnnAssign: Walk.annotated,
    ast.AugAssign: Walk.augmented,
    ast.Expr: Walk.expression,
    ast.Return: Walk.returned,
    ast.Global: Walk.declared_global,
}
#: newer than Python 3.8
for _name, _visit in (("TryStar", Walk.try_), ("Match", Walk.match), ("TypeAlias", Walk.alias)):
    if hasattr(ast, _name):
        VISITORS[getattr(ast, _name)] = _visit

#: the visitors in functions of a file that neither maps nor imports by a call: all else that plain statements say of
#: a module or a class, they do not say in a function
_PLAIN = (ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Return)
IN_FUNCTIONS = {kind: visit for kind, visit in VISITORS.items() if kind not in _PLAIN}
IN_FUNCTIONS[ast.Assign] = Walk.patched
