"""Where a module uses names that it imports: while it is imported itself, in annotations, or when a function runs.

https://docs.python.org/3/reference/executionmodel.html#naming-and-binding
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import libcst as cst

from kit.fixes.source.imports import words_of


@dataclass(frozen=True)
class Uses:
    """The uses of some names. ``functions`` are the outermost ones whose bodies use them. ``annotations`` may be
    strings; where one of them is not, ``evaluated`` is true unless the module puts off the evaluation of all.
    """

    while_imported: bool = False
    in_lambdas: bool = False
    annotations: bool = False
    evaluated: bool = False
    functions: tuple[cst.FunctionDef, ...] = ()


def uses_of(module: cst.Module, names: Collection[str]) -> Uses:
    """The uses of ``names`` in a module, imports apart."""
    reader = _Reader(frozenset(names))
    module.visit(reader)
    return Uses(
        while_imported="import" in reader.seen,
        in_lambdas="lambda" in reader.seen,
        annotations="annotation" in reader.seen,
        evaluated=reader.evaluated and not _puts_off_annotations(module),
        functions=tuple(reader.functions),
    )


def _puts_off_annotations(module: cst.Module) -> bool:
    """Whether the module has ``from __future__ import annotations``."""
    return "annotations" in {
        alias.evaluated_name
        for line in module.body
        if isinstance(line, cst.SimpleStatementLine)
        for small in line.body
        if isinstance(small, cst.ImportFrom) and isinstance(small.module, cst.Name)
        if small.module.value == "__future__" and not isinstance(small.names, cst.ImportStar)
        for alias in small.names
    }


class _Reader(cst.CSTVisitor):
    """Visits what runs at once before what runs later; ``seen`` are the kinds of places that use a name."""

    def __init__(self, names: frozenset[str]) -> None:
        super().__init__()
        self._names = names
        self._place = "import"
        self._function: cst.FunctionDef | None = None
        self.seen: set[str] = set()
        self.evaluated = False
        self.functions: list[cst.FunctionDef] = []

    def visit_Import(self, node: cst.Import) -> bool:  # noqa: ARG002, N802  # libcst's signature
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:  # noqa: ARG002, N802  # the same
        return False

    def visit_Attribute(self, node: cst.Attribute) -> bool:  # noqa: N802  # the same
        node.value.visit(self)
        return False

    def visit_Arg(self, node: cst.Arg) -> bool:  # noqa: N802  # the same
        node.value.visit(self)
        return False

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:  # noqa: N802  # the same
        for part in (*node.decorators, node.params, *([node.returns] if node.returns else [])):
            part.visit(self)
        outer = self._place, self._function
        self._place, self._function = "function", self._function or node
        node.body.visit(self)
        self._place, self._function = outer
        return False

    def visit_Param(self, node: cst.Param) -> bool:  # noqa: N802  # the same
        for part in (node.annotation, node.default):
            if part is not None:
                part.visit(self)
        return False

    def visit_Lambda(self, node: cst.Lambda) -> bool:  # noqa: N802  # the same
        node.params.visit(self)
        outer, self._place = self._place, "lambda" if self._function is None else "function"
        node.body.visit(self)
        self._place = outer
        return False

    def visit_Annotation(self, node: cst.Annotation) -> bool:  # noqa: N802  # the same
        outer, self._place = self._place, "annotation"
        node.annotation.visit(self)
        self._place = outer
        return False

    def visit_Name(self, node: cst.Name) -> None:  # noqa: N802  # the same
        if node.value not in self._names:
            return
        self.seen.add(self._place)
        if self._place == "annotation" and self._function is None:  # those of local variables are never evaluated
            self.evaluated = True
        if self._place == "function" and self._function is not None and self._function not in self.functions:
            self.functions.append(self._function)

    def visit_SimpleString(self, node: cst.SimpleString) -> None:  # noqa: N802  # the same
        if self._place == "annotation" and self._names.intersection(words_of(node)):
            self.seen.add("annotation")
