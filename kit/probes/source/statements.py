"""A walk over the statements of one file (see ``main.py``): what it imports, binds, maps and routes.

Only statements are walked; an expression is looked into where it declares something. The walk keeps its own stack,
so that no source is nested too deeply for it.
"""

from __future__ import annotations

import ast

from . import loading
from .calls import Calls
from .declarations import MAPPING_CALLS, new_class
from .expressions import callee, dotted, full
from .file_record import MODULE_LEVEL, RecordBuilder

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, Iterator, List, Optional, Sequence, Set, Tuple

    #: a part of the record of a file, see kit.inventory.source.records
    Record = Dict[str, Any]


#: the call that creates the tables of a MetaData
CREATING = ".create_all("
#: with these around it, a statement may fail: contextlib.suppress(ImportError), pytest.raises(ImportError)
EXPECTING = frozenset(("suppress", "raises"))
#: what an import raises for a module that is not there
NOT_THERE = frozenset(("ImportError", "ModuleNotFoundError"))


def extract(text: str) -> Record:
    """The record of a file's source; raises what ``ast.parse`` raises."""
    tree = ast.parse(text)
    record = StatementWalk(text).run(tree)
    record.update(full({"loads": loading.loads(text, tree), "creates_tables": CREATING in text}))
    return record


def typing_only(test: Optional[ast.AST]) -> Optional[bool]:
    """True for ``TYPE_CHECKING``, False for ``not TYPE_CHECKING``, ``None`` for any other condition."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return False if typing_only(test.operand) else None
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return True if any(map(typing_only, test.values)) else None
    return True if (dotted(test) or "").rpartition(".")[2] == "TYPE_CHECKING" else None


def expects_failure(handlers: Sequence[ast.ExceptHandler]) -> bool:
    """Whether one of them is there for an import that fails."""
    caught = (node for handler in handlers for node in getattr(handler.type, "elts", [handler.type]))
    return any(dotted(node) in NOT_THERE for node in caught)


class StatementWalk:
    """One walk; ``owner`` is the record of the class whose body a statement stands in."""

    def __init__(self, text: str) -> None:
        self.calls = Calls(text)
        self.record = RecordBuilder(text)
        looks_inside = self.record.imports_dynamically or self.record.maps_imperatively
        self.in_functions = VISITORS if looks_inside else IN_FUNCTIONS
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
        self.record.data.update(times=sorted(self.calls.times), patches=sorted(self.calls.patches))
        return self.record.finished()

    def push(self, body: Sequence[ast.stmt], scope: str, owner: Optional[Record]) -> None:
        if body:
            self.stack.append((iter(body), scope, owner))

    # -- blocks -----------------------------------------------------------------------------------------------------

    def function(self, node: Any, scope: str, owner: Optional[Record]) -> None:
        if owner is not None:
            self.record.add_declared_attribute(node, owner)
        elif scope in MODULE_LEVEL:
            self.record.bind(node.name, node.lineno, "def")
        for decorator in node.decorator_list if node not in self.refused else ():
            self.record.add_route(node, decorator)
        self.push(node.body, "type_checking" if scope == "type_checking" else "function", None)

    def class_(self, node: Any, scope: str, owner: Optional[Record]) -> None:
        if scope == "function":  # exists while the function runs, and only then
            self.record.add_local_class(node)
            self.push(node.body, scope, None)
            return
        if owner is None:
            self.record.bind(node.name, node.lineno, "class")
        qualname = owner["qualname"] + "." + node.name if owner else node.name
        record = new_class(node, qualname, scope)
        self.record.data["classes"].append(record)
        self.push(node.body, "type_checking" if scope == "type_checking" else "class", record)

    def if_(self, node: Any, scope: str, owner: Optional[Record]) -> None:
        only = typing_only(node.test)
        if only is None and scope != "function":
            self.record.conditions.append((node.lineno, node.end_lineno))
        self.push(node.orelse, "type_checking" if only is False else scope, owner)
        self.push(node.body, "type_checking" if only else scope, owner)

    def try_(self, node: Any, scope: str, owner: Optional[Record]) -> None:
        inner = "try" if scope == "module" else scope
        if scope != "module" and expects_failure(node.handlers):
            self.record.expecting.append((node.lineno, node.body[-1].end_lineno))
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
                        self.record.bind(name.id, node.lineno, "value")
        self.push(getattr(node, "orelse", ()), scope, owner)
        expects = any(callee(item.context_expr) in EXPECTING for item in getattr(node, "items", ()))
        if expects:
            self.refused.update(node.body)
            self.record.expecting.append((node.lineno, node.end_lineno))
        self.push(node.body, "try" if expects and scope == "module" else scope, owner)

    def match(self, node: Any, scope: str, owner: Optional[Record]) -> None:
        self.record.conditions.append((node.lineno, node.end_lineno))
        for case in reversed(node.cases):
            self.push(case.body, scope, owner)

    # -- statements -------------------------------------------------------------------------------------------------

    def import_(self, node: Any, scope: str, _owner: Optional[Record]) -> None:
        self.record.add_import(node, "import", 0, None, [[alias.name, alias.asname] for alias in node.names], scope)

    def import_from(self, node: Any, scope: str, _owner: Optional[Record]) -> None:
        names = [[alias.name, alias.asname] for alias in node.names]
        self.record.add_import(node, "from", node.level, node.module, names, scope)

    def assign(self, node: Any, scope: str, owner: Optional[Record]) -> None:
        if self.record.imports_dynamically:
            self.record.add_dynamic_import(node, node.value, scope)
        self.patched(node, scope, owner)
        self.record.note_value(node.value, scope)
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.record.add_assignment(node, target.id, None, scope, owner)
            elif owner is None and scope in MODULE_LEVEL:
                for element in getattr(target, "elts", ()):
                    if isinstance(element, ast.Name):
                        self.record.bind(element.id, node.lineno, "value")

    def patched(self, node: Any, _scope: str, _owner: Optional[Record]) -> None:
        """``Order.user = relationship(...)``."""
        for target in node.targets:
            if isinstance(target, ast.Attribute) and callee(node.value) in MAPPING_CALLS:
                self.record.data["patched"].append(target.attr)

    def annotated(self, node: Any, scope: str, owner: Optional[Record]) -> None:
        if self.record.imports_dynamically:
            self.record.add_dynamic_import(node, node.value, scope)
        if isinstance(node.target, ast.Name):
            self.record.add_assignment(node, node.target.id, node.annotation, scope, owner)

    def augmented(self, node: Any, scope: str, owner: Optional[Record]) -> None:
        if owner is None and scope in MODULE_LEVEL and isinstance(node.target, ast.Name):
            self.record.add_exports(node.target.id, node.value)
            self.record.bind(node.target.id, node.lineno, "value")

    def alias(self, node: Any, scope: str, owner: Optional[Record]) -> None:
        """``type Price = int`` (PEP 695)."""
        if owner is None and scope in MODULE_LEVEL:
            self.record.bind(node.name.id, node.lineno, "value")

    def expression(self, node: Any, scope: str, _owner: Optional[Record]) -> None:
        if self.record.imports_dynamically:
            self.record.add_dynamic_import(node, node.value, scope)
        self.record.note_value(node.value, scope)
        if scope in MODULE_LEVEL or self.record.maps_imperatively:
            self.record.add_call(node.value, scope)

    def declared_global(self, node: Any, _scope: str, _owner: Optional[Record]) -> None:
        for name in node.names:
            self.record.bind(name, node.lineno, "value")

    def returned(self, node: Any, scope: str, _owner: Optional[Record]) -> None:
        if self.record.imports_dynamically:
            self.record.add_dynamic_import(node, node.value, scope)


VISITORS = {
    ast.Import: StatementWalk.import_,
    ast.ImportFrom: StatementWalk.import_from,
    ast.FunctionDef: StatementWalk.function,
    ast.AsyncFunctionDef: StatementWalk.function,
    ast.ClassDef: StatementWalk.class_,
    ast.If: StatementWalk.if_,
    ast.Try: StatementWalk.try_,
    ast.With: StatementWalk.block,
    ast.AsyncWith: StatementWalk.block,
    ast.For: StatementWalk.block,
    ast.AsyncFor: StatementWalk.block,
    ast.While: StatementWalk.block,
    ast.Assign: StatementWalk.assign,
    ast.AnnAssign: StatementWalk.annotated,
    ast.AugAssign: StatementWalk.augmented,
    ast.Expr: StatementWalk.expression,
    ast.Return: StatementWalk.returned,
    ast.Global: StatementWalk.declared_global,
}
#: newer than Python 3.8
for _name, _visit in (
    ("TryStar", StatementWalk.try_),
    ("Match", StatementWalk.match),
    ("TypeAlias", StatementWalk.alias),
):
    if hasattr(ast, _name):
        VISITORS[getattr(ast, _name)] = _visit

#: the visitors in functions of a file that neither maps nor imports by a call: all else that plain statements say of
#: a module or a class, they do not say in a function
_PLAIN = (ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Return)
IN_FUNCTIONS = {kind: visit for kind, visit in VISITORS.items() if kind not in _PLAIN}
IN_FUNCTIONS[ast.Assign] = StatementWalk.patched
