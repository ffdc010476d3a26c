"""Imports of a module: which names they bind, adding one, and leaving out those that an edit leaves unused."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import libcst as cst
from libcst.helpers import get_full_name_for_node

from kit.fixes.source.tree import is_name


@dataclass(frozen=True)
class ImportBinding:
    """A name that an import statement binds: ``obj`` is what is taken from ``module`` (``None``: the module itself).
    ``for_types`` is true below ``if TYPE_CHECKING``. Relative modules keep their dots.
    """

    module: str
    obj: str | None
    name: str
    for_types: bool


def bindings(module: cst.Module) -> dict[str, ImportBinding]:
    """What the imports at the top of a module bind, by name."""
    found: dict[str, ImportBinding] = {}
    for statement, for_types in _import_statements(module.body):
        for binding in _bound_by(statement, for_types=for_types):
            found[binding.name] = binding
    return found


def bound_names(line: cst.SimpleStatementLine) -> frozenset[str]:
    """The names that an import statement binds; none for other statements, for ``*`` and for ``__future__``."""
    small = line.body[0] if len(line.body) == 1 else None
    if not isinstance(small, cst.Import | cst.ImportFrom):
        return frozenset()
    return frozenset(one.name for one in _bound_by(small, for_types=False) if one.module != "__future__")


@dataclass(frozen=True)
class UsedNames:
    """The names that a node refers to outside of imports and docstrings: ``in_code``, which have to be bound when it
    runs, and ``in_strings``: an annotation, a relationship or ``__all__`` may name something in a string.
    """

    in_code: frozenset[str]
    in_strings: frozenset[str]

    def __contains__(self, name: object) -> bool:
        """Whether the node refers to a name in either way."""
        return name in self.in_code or name in self.in_strings

    def __iter__(self) -> Iterator[str]:
        """All of them, sorted."""
        return iter(sorted(self.in_code | self.in_strings))


def names_used(node: cst.CSTNode) -> UsedNames:
    """The names that a node refers to."""
    visitor = _Used()
    node.visit(visitor)
    return UsedNames(frozenset(visitor.in_code), frozenset(visitor.in_strings))


def with_import(module: cst.Module, binding: ImportBinding) -> cst.Module:
    """The module with an import more, after the last one of its kind (below ``TYPE_CHECKING`` or not)."""
    statement = cst.parse_statement(_statement(binding), config=module.config_for_parsing)
    if binding.for_types:
        return with_import_for_types(module, statement)
    body = list(module.body)
    if binding.name in bindings(module):
        return module
    if (longer := _extended(body, binding)) is not None:
        return module.with_changes(body=longer)
    body.insert(_after_imports(body), statement)
    return module.with_changes(body=body)


def with_import_for_types(module: cst.Module, statement: cst.BaseStatement) -> cst.Module:
    """The module with an import more below ``if TYPE_CHECKING``, which is added where there is none."""
    body = list(module.body)
    for index, one in enumerate(body):
        if _is_type_checking(one) and isinstance(one, cst.If) and isinstance(one.body, cst.IndentedBlock):
            body[index] = one.with_changes(body=one.body.with_changes(body=(*one.body.body, statement)))
            return module.with_changes(body=body)
    module = with_import(module, ImportBinding("typing", "TYPE_CHECKING", "TYPE_CHECKING", for_types=False))
    body = list(module.body)
    block = cst.parse_statement("if TYPE_CHECKING:\n    ...\n", config=module.config_for_parsing)
    assert isinstance(block, cst.If)
    assert isinstance(block.body, cst.IndentedBlock)
    block = block.with_changes(
        body=block.body.with_changes(body=[statement]), leading_lines=[cst.EmptyLine(indent=False)]
    )
    body.insert(_after_imports(body), block)
    return module.with_changes(body=body)


def _extended(body: Sequence[cst.CSTNode], binding: ImportBinding) -> list[cst.CSTNode] | None:
    """The body with the name added to the statement that imports from its module already; ``None``: there is none."""
    for index, one in enumerate(body):
        small = one.body[0] if isinstance(one, cst.SimpleStatementLine) and len(one.body) == 1 else None
        if not isinstance(small, cst.ImportFrom) or isinstance(small.names, cst.ImportStar) or binding.obj is None:
            continue
        if {found.module for found in _bound_by(small, for_types=False)} != {binding.module}:
            continue
        *before, last = small.names
        between = before[0].comma if before else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        renamed = cst.AsName(cst.Name(binding.name)) if binding.name != binding.obj else None
        added = cst.ImportAlias(cst.Name(binding.obj), renamed, last.comma)
        names = [*before, last.with_changes(comma=between), added]
        return [*body[:index], one.with_changes(body=[small.with_changes(names=names)]), *body[index + 1 :]]
    return None


def unused_imports(module: cst.Module) -> frozenset[ImportBinding]:
    """The bindings of imports that nothing in the module uses."""
    used = names_used(module)
    return frozenset(binding for name, binding in bindings(module).items() if name not in used)


def clean(module: cst.Module, before: cst.Module, needed: Collection[str] = ()) -> cst.Module:
    """The module without the imports that it uses no more, except names that are ``needed`` elsewhere."""
    used_before = unused_imports(before)
    while gone := [one for one in unused_imports(module) - used_before if one.name not in needed]:
        module = without_imports(module, gone)
    return module


def without_imports(module: cst.Module, gone: Collection[ImportBinding]) -> cst.Module:
    """The module without these imports; a statement or an ``if TYPE_CHECKING`` that is left empty goes with them."""
    return module.visit(_Without(frozenset(binding.name for binding in gone))) if gone else module


class _Used(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.in_code: set[str] = set()
        self.in_strings: set[str] = set()

    def visit_Import(self, node: cst.Import) -> bool:  # noqa: ARG002, N802  # libcst's signature
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:  # noqa: ARG002, N802  # the same
        return False

    def visit_Expr(self, node: cst.Expr) -> bool:  # noqa: N802  # the same
        return not isinstance(node.value, cst.SimpleString | cst.ConcatenatedString)

    def visit_Name(self, node: cst.Name) -> None:  # noqa: N802  # the same
        self.in_code.add(node.value)

    def visit_SimpleString(self, node: cst.SimpleString) -> None:  # noqa: N802  # the same
        self.in_strings |= words_of(node)


class _Without(cst.CSTTransformer):
    def __init__(self, names: frozenset[str]) -> None:
        super().__init__()
        self._names = names

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:  # noqa: ARG002, N802  # libcst's signature
        return False

    def visit_ClassDef(self, node: cst.ClassDef) -> bool:  # noqa: ARG002, N802  # the same
        return False

    def leave_SimpleStatementLine(  # noqa: N802  # the same
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.RemovalSentinel:
        small = original_node.body[0] if len(original_node.body) == 1 else None
        if not isinstance(small, cst.Import | cst.ImportFrom) or isinstance(small.names, cst.ImportStar):
            return updated_node
        left = [alias for alias in small.names if alias_name(alias) not in self._names]
        if len(left) == len(small.names):
            return updated_node
        if not left:
            return cst.RemoveFromParent()
        left[-1] = left[-1].with_changes(comma=small.names[-1].comma)
        return updated_node.with_changes(body=[small.with_changes(names=left)])

    def leave_If(self, original_node: cst.If, updated_node: cst.If) -> cst.If | cst.RemovalSentinel:  # noqa: N802
        emptied = isinstance(updated_node.body, cst.IndentedBlock) and not updated_node.body.body
        return cst.RemoveFromParent() if _is_type_checking(original_node) and emptied else updated_node


def _import_statements(
    body: Sequence[cst.CSTNode], *, for_types: bool = False
) -> Iterator[tuple[cst.Import | cst.ImportFrom, bool]]:
    for statement in body:
        if isinstance(statement, cst.SimpleStatementLine):
            for small in statement.body:
                if isinstance(small, cst.Import | cst.ImportFrom):
                    yield small, for_types
        elif isinstance(statement, cst.If) and isinstance(statement.body, cst.IndentedBlock):
            yield from _import_statements(statement.body.body, for_types=for_types or _is_type_checking(statement))


def _bound_by(statement: cst.Import | cst.ImportFrom, *, for_types: bool) -> Iterator[ImportBinding]:
    if isinstance(statement.names, cst.ImportStar):
        return
    for alias in statement.names:
        dotted = get_full_name_for_node(alias.name) or ""
        if isinstance(statement, cst.Import):
            yield ImportBinding(dotted, None, alias_name(alias), for_types)
        else:
            dots = "." * len(statement.relative)
            source = dots + (get_full_name_for_node(statement.module) or "" if statement.module else "")
            yield ImportBinding(source, dotted, alias_name(alias), for_types)


def alias_name(alias: cst.ImportAlias) -> str:
    """The name that an alias binds; of ``import a.b`` the first part."""
    if alias.asname and isinstance(alias.asname.name, cst.Name):
        return alias.asname.name.value
    return (get_full_name_for_node(alias.name) or "").partition(".")[0]


def _statement(binding: ImportBinding) -> str:
    taken = binding.obj or binding.module
    renamed = f" as {binding.name}" if binding.name != taken else ""
    if binding.obj is None:
        return f"import {binding.module}{renamed}"
    return f"from {binding.module} import {binding.obj}{renamed}"


def _after_imports(body: Sequence[cst.CSTNode]) -> int:
    """The place after the last import at the top level, else after the docstring."""
    last = 0
    for index, statement in enumerate(body):
        if isinstance(statement, cst.SimpleStatementLine):
            small = statement.body[0]
            is_import = isinstance(small, cst.Import | cst.ImportFrom)
            is_docstring = index == 0 and isinstance(small, cst.Expr) and isinstance(small.value, cst.SimpleString)
            if is_import or is_docstring:
                last = index + 1
    return last


def first_statement(module: cst.Module) -> int:
    """The index of the first statement that may run anything: after the docstring and ``from __future__``."""
    for index, one in enumerate(module.body):
        small = one.body[0] if isinstance(one, cst.SimpleStatementLine) else None
        is_docstring = index == 0 and isinstance(small, cst.Expr) and isinstance(small.value, cst.SimpleString)
        is_future = isinstance(small, cst.ImportFrom) and is_name(small.module, "__future__")
        if not is_docstring and not is_future:
            return index
    return len(module.body)


def _is_type_checking(statement: cst.CSTNode) -> bool:
    if not isinstance(statement, cst.If):
        return False
    return (get_full_name_for_node(statement.test) or "").rpartition(".")[2] == "TYPE_CHECKING"


def words_of(node: cst.SimpleString) -> set[str]:
    """The words in a string that may be names."""
    text = node.evaluated_value
    return {word for word in _words(text) if word.isidentifier()} if isinstance(text, str) else set()


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() or letter == "_" else " " for letter in text).split()
