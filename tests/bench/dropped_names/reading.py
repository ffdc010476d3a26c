"""What a source file binds: for certain whenever it is imported, and possibly, in any of its branches."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

#: what a module or a class can use to make names that its source does not show
_DYNAMIC = {"globals", "vars", "exec", "setattr", "eval", "locals"}
#: what a class of these decorators gets beside what its body binds, no reader of source can see
_PLAIN_DECORATORS = {"final", "dataclass", "total_ordering", "runtime_checkable", "deprecated", "implements_to_string"}
#: what the ``__getattr__`` of a module may use without giving names that it does not write down
_HARMLESS = {"warnings", "importlib", "import_module", "sys", "warn", "annotations", "t", "typing"}
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True)
class Signature:
    """The parameters of a function: ``keywords`` can be given by name, ``most`` by position (``None``: any number)."""

    keywords: frozenset[str]
    required: frozenset[str]
    most: int | None
    any_keyword: bool


@dataclass
class ClassRead:
    """A class: its ``bases`` as written, what its instances have ``certain``-ly and ``possible``-ly, its methods,
    what is a property without a setter, and whether its attributes can be made in ways that source does not show.
    """

    bases: tuple[str, ...]
    certain: set[str] = field(default_factory=set)
    possible: set[str] = field(default_factory=set)
    methods: dict[str, list[Signature]] = field(default_factory=dict)
    read_only: set[str] = field(default_factory=set)
    assigned: set[str] = field(default_factory=set)
    metaclass: str = ""
    #: of a metaclass: the texts in it, which may name what it makes anew in its classes
    texts: frozenset[str] = frozenset()
    is_open: bool = False


@dataclass
class ModuleRead:
    """A module: names that it binds ``certain``-ly and ``possible``-ly, where it imports them from, what it defines."""

    certain: set[str] = field(default_factory=set)
    possible: set[str] = field(default_factory=set)
    imports: dict[str, str] = field(default_factory=dict)
    again: set[str] = field(default_factory=set)
    stars: list[str] = field(default_factory=list)
    listed: frozenset[str] | None = None
    lists_unknown: bool = False
    classes: dict[str, ClassRead] = field(default_factory=dict)
    functions: dict[str, list[Signature]] = field(default_factory=dict)
    #: what a module's own ``__getattr__`` may give: the texts of the module; ``None`` where it asks other code
    given: frozenset[str] | None = frozenset()
    is_open: bool = False
    words: frozenset[str] = frozenset()


def read_module(text: str, name: str, *, is_package: bool) -> ModuleRead:
    """Read one file; of one that cannot be parsed nothing is known."""
    words = frozenset(_WORDS.findall(text))
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return ModuleRead(is_open=True, words=words)
    found = ModuleRead(words=words)
    package = name if is_package else name.rpartition(".")[0]
    found.certain = set(_certain(tree.body)) - _deleted(tree)
    nodes = list(_outside_functions(tree.body))
    for node in nodes:
        found.possible.update(_bound(node))
        if isinstance(node, ast.Import | ast.ImportFrom):
            _note_import(node, package, found)
        elif isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            _note_list(node, found)
    _note_code(tree, nodes, found)
    if "__getattr__" in found.possible:
        found.given = _given(tree, found)
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.functions.setdefault(node.name, []).append(_signature(node))
        elif isinstance(node, ast.ClassDef):
            _merge(found.classes, node)
    return found


def _note_code(tree: ast.Module, nodes: Sequence[ast.AST], found: ModuleRead) -> None:
    """What functions and code can bind in a module beside its statements."""
    for at in ast.walk(tree):  # a function can bind names of its module too
        if isinstance(at, ast.Global):
            found.possible.update(at.names)
        elif isinstance(at, ast.Name) and at.id in _DYNAMIC:
            found.is_open = found.is_open or at.id in {"globals", "exec"} or _is_top(at, nodes)
        elif isinstance(at, ast.Attribute) and ast.unparse(at) == "sys.modules":
            found.is_open = True


def _given(tree: ast.Module, module: ModuleRead) -> frozenset[str] | None:
    asked = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "__getattr__"]
    inside = [one for node in asked for one in ast.walk(node) if isinstance(one, ast.Name)]
    bound = {one.id for one in inside if isinstance(one.ctx, ast.Store)} | {"name", "attr", *_HARMLESS, *dir(builtins)}
    own = {name for name in module.possible if name not in module.imports and name not in module.functions}
    local = {name for node in asked for one in ast.walk(node) if _is_of_python(one) for name in _bound(one)}
    asks = {one.id for one in inside} - bound - own - local - {one.arg for node in asked for one in node.args.args}
    if asks or len(asked) != 1:
        return None
    return frozenset(str(one.value) for one in ast.walk(tree) if isinstance(one, ast.Constant))


def _is_of_python(node: ast.AST) -> TypeGuard[ast.Import | ast.ImportFrom]:
    if isinstance(node, ast.ImportFrom):
        return not node.level and (node.module or "").partition(".")[0] in sys.stdlib_module_names
    return isinstance(node, ast.Import)


def _is_top(at: ast.AST, nodes: Sequence[ast.AST]) -> bool:
    return any(at in ast.walk(node) for node in nodes if isinstance(node, ast.Expr | ast.For | ast.Assign))


def _merge(classes: dict[str, ClassRead], node: ast.ClassDef) -> None:
    read = _class(node)
    if before := classes.get(node.name):  # another branch defines it too: it is either
        read.certain &= before.certain
        read.possible |= before.possible
        read.bases += before.bases
        read.is_open |= before.is_open
        read.read_only &= before.read_only
        for name, signatures in before.methods.items():
            read.methods.setdefault(name, []).extend(signatures)
    classes[node.name] = read


def _outside_functions(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a body and of its branches, not of its functions and classes; not what only types see."""
    for node in body:
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        hidden = isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for part in (
            ("orelse",) if hidden and not isinstance(node.test, ast.UnaryOp) else ("body", "orelse", "finalbody")
        ):
            yield from _outside_functions(getattr(node, part, ()))
        for handler in getattr(node, "handlers", ()):
            yield from _outside_functions(handler.body)
        for case in getattr(node, "cases", ()):
            yield from _outside_functions(case.body)


def _certain(body: Sequence[ast.stmt]) -> Iterator[str]:
    """What a body binds on every way through it."""
    for node in body:
        if isinstance(node, ast.If):
            yield from _of_branches(node)
        elif isinstance(node, ast.Try):
            ways = [set(_certain([*node.body, *node.orelse]))]
            ways += [set(_certain(handler.body)) for handler in node.handlers if not _raises(handler.body)]
            yield from set.intersection(*ways)
            yield from _certain(node.finalbody)
        elif isinstance(node, ast.With):
            yield from _certain(node.body)
        elif not isinstance(node, ast.For | ast.While):
            yield from _bound(node)


def _of_branches(node: ast.If) -> Iterable[str]:
    test = ast.unparse(node.test)
    if test.endswith("TYPE_CHECKING"):
        return _certain(node.orelse)
    if test == "not TYPE_CHECKING":
        return _certain(node.body)
    return set(_certain(node.body)) & set(_certain(node.orelse))


def _raises(body: Sequence[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ast.Raise)


def _bound(node: ast.stmt) -> Iterator[str]:
    """The names that a statement itself binds."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Import):
        yield from (one.asname or one.name.partition(".")[0] for one in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (one.asname or one.name for one in node.names if one.name != "*")
    elif isinstance(node, ast.AnnAssign):
        yield from _names(node.target) if node.value else ()
    else:
        targets = {ast.Assign: "targets", ast.For: "target", ast.With: "items"}.get(type(node))
        value = getattr(node, targets) if targets else []
        for one in value if isinstance(value, list) else [value]:
            target = one.optional_vars if isinstance(one, ast.withitem) else one
            yield from _names(target) if target else ()
        for one in ast.walk(node) if isinstance(node, ast.Expr | ast.Assign | ast.If | ast.While) else ():
            if isinstance(one, ast.NamedExpr):
                yield from _names(one.target)


def _names(target: ast.expr) -> Iterator[str]:
    yield from (one.id for one in ast.walk(target) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store))


def _deleted(tree: ast.Module) -> set[str]:
    deletes = [node for node in _outside_functions(tree.body) if isinstance(node, ast.Delete)]
    return {one.id for node in deletes for one in node.targets if isinstance(one, ast.Name)}


def _note_import(node: ast.Import | ast.ImportFrom, package: str, found: ModuleRead) -> None:
    if isinstance(node, ast.Import):
        found.imports |= {one.asname or one.name.partition(".")[0]: f"{one.name}:" for one in node.names}
        found.possible |= {one.name.rpartition(".")[2] for one in node.names if not one.asname}
        return
    source = node.module or ""
    if node.level:
        parts = package.split(".")
        base = ".".join(parts[: len(parts) - node.level + 1])
        source = f"{base}.{source}" if source else base
    for one in node.names:
        if one.name == "*":
            found.stars.append(source)
        else:
            found.imports[one.asname or one.name] = f"{source}:{one.name}"
            found.again |= {one.name} if one.asname == one.name else set()


def _note_list(node: ast.Assign | ast.AugAssign | ast.AnnAssign, found: ModuleRead) -> None:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if not any(isinstance(one, ast.Name) and one.id == "__all__" for one in targets):
        return
    try:
        found.listed = (found.listed or frozenset()) | frozenset(
            map(str, ast.literal_eval(node.value or ast.Tuple([])))
        )
    except (ValueError, TypeError):
        found.lists_unknown = True


def _signature(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Signature:
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    without = positional[: len(positional) - len(arguments.defaults)]
    needed = [one for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value is None]
    return Signature(
        keywords=frozenset(one.arg for one in (*arguments.args, *arguments.kwonlyargs)),
        required=frozenset(one.arg for one in (*without, *needed)),
        most=None if arguments.vararg else len(positional),
        any_keyword=arguments.kwarg is not None,
    )


def _class(node: ast.ClassDef) -> ClassRead:
    bases = tuple(ast.unparse(one.value if isinstance(one, ast.Subscript) else one) for one in node.bases)
    found = ClassRead(bases)
    found.is_open = any(one.arg != "metaclass" for one in node.keywords)
    found.metaclass = next((ast.unparse(one.value) for one in node.keywords if one.arg == "metaclass"), "")
    found.is_open |= any(_called(one) not in _PLAIN_DECORATORS for one in node.decorator_list)
    if "type" in bases:
        found.texts = frozenset(str(one.value) for one in ast.walk(node) if _is_text(one))
    body = list(_outside_functions(node.body))
    found.certain |= set(_certain(node.body))
    for one in body:
        found.possible |= set(_bound(one))
        if isinstance(one, ast.AnnAssign):
            found.possible |= set(_names(one.target))
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
            _note_method(one, found)
        if isinstance(one, ast.Assign) and "__slots__" in set(_bound(one)):
            found.possible |= {str(at.value) for at in ast.walk(one.value) if isinstance(at, ast.Constant)}
    for at in ast.walk(node):
        if isinstance(at, ast.Attribute) and not isinstance(at.ctx, ast.Load):
            found.possible.add(at.attr)
        elif (isinstance(at, ast.Name) and at.id in _DYNAMIC) or (
            isinstance(at, ast.Attribute) and at.attr in {"__dict__", "__setattr__", "_make", "update_wrapper"}
        ):
            found.is_open = True
    found.is_open |= not found.possible.isdisjoint({"__getattr__", "__getattribute__"})
    return found


def _is_text(node: ast.AST) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _called(node: ast.expr) -> str:
    return ast.unparse(node.func if isinstance(node, ast.Call) else node).rpartition(".")[2]


def _note_method(node: ast.FunctionDef | ast.AsyncFunctionDef, found: ClassRead) -> None:
    marks = {ast.unparse(one) for one in node.decorator_list}
    if marks & {"property", "cached_property", "functools.cached_property"} or any("property" in one for one in marks):
        found.read_only |= {node.name} if marks == {"property"} else set()
        return
    if f"{node.name}.setter" in marks:
        found.read_only.discard(node.name)
        found.assigned.add(node.name)
        return
    if not any(one.endswith("overload") for one in marks):
        found.methods.setdefault(node.name, []).append(_signature(node))
    if node.name == "__init__" and node.args.args:
        owner = node.args.args[0].arg
        for one in node.body:
            targets = one.targets if isinstance(one, ast.Assign) else [one.target] if _has_value(one) else []
            for target in targets:
                if isinstance(target, ast.Attribute) and ast.unparse(target.value) == owner:
                    found.certain.add(target.attr)
                    found.assigned.add(target.attr)


def _has_value(node: ast.stmt) -> bool:
    return isinstance(node, ast.AnnAssign) and node.value is not None
