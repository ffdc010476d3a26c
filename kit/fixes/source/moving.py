"""An import at the top of a module that moves to where it runs later."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from kit.fixes.source.imports import first_statement, with_import_for_types
from kit.fixes.source.uses import Uses

Line = cst.SimpleStatementLine


def at_the_end(module: cst.Module, line: Line) -> cst.Module:
    """The module with the import as its last statement."""
    comment = line.trailing_whitespace.comment
    also = ", F401" if comment and "noqa" in comment.value else ""
    last = line.with_changes(
        leading_lines=[cst.EmptyLine(indent=False)],
        trailing_whitespace=cst.TrailingWhitespace(cst.SimpleWhitespace("  "), cst.Comment(f"# noqa: E402{also}")),
    )
    return module.with_changes(body=[*_without(module, line), last], has_trailing_newline=True)


def without_line(module: cst.Module, line: Line) -> cst.Module:
    """The module without the import."""
    return module.with_changes(body=_without(module, line))


def put_off(module: cst.Module, line: Line, uses: Uses) -> cst.Module | None:
    """The module with the import at the start of each function that uses its names, and below ``if TYPE_CHECKING`` for
    annotations, whose evaluation is put off as well. ``None`` where a function has its body on the line of its header.
    """
    if not all(isinstance(one.body, cst.IndentedBlock) for one in uses.functions):
        return None
    after = without_line(module, line)
    if uses.annotations:
        after = with_import_for_types(after, _bare(line))
        after = _with_annotations_put_off(after) if uses.evaluated else after
    return after.visit(_Into(_bare(line), uses.functions)) if uses.functions else after


def _with_annotations_put_off(module: cst.Module) -> cst.Module:
    future = cst.parse_statement("from __future__ import annotations", config=module.config_for_parsing)
    at = first_statement(module)
    return module.with_changes(body=[*module.body[:at], future, *module.body[at:]])


class _Into(cst.CSTTransformer):
    def __init__(self, line: Line, functions: Sequence[cst.FunctionDef]) -> None:
        super().__init__()
        self._line, self._functions = line, functions

    def leave_FunctionDef(  # noqa: N802  # libcst's name
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        body = updated_node.body
        if original_node not in self._functions or not isinstance(body, cst.IndentedBlock):
            return updated_node
        at = 1 if _is_docstring(body.body[0]) and len(body.body) > 1 else 0
        lines = [*body.body[:at], self._line.deep_clone(), *body.body[at:]]
        return updated_node.with_changes(body=body.with_changes(body=lines))


def _without(module: cst.Module, line: Line) -> list[cst.BaseStatement]:
    """The statements but this one; the comments above it stay, in front of what follows."""
    body = list(module.body)
    at = next(number for number, one in enumerate(body) if one is line)
    del body[at]
    comments = [one for one in line.leading_lines if one.comment]
    if comments and at < len(body):
        following = body[at]
        assert isinstance(following, cst.SimpleStatementLine | cst.BaseCompoundStatement)
        body[at] = following.with_changes(leading_lines=[*line.leading_lines, *following.leading_lines])
    return body  # type: ignore[return-value]  # a module holds statements


def _bare(line: Line) -> Line:
    """The statement alone: the comment behind it may be about the place where it stood."""
    return line.with_changes(leading_lines=[], trailing_whitespace=cst.TrailingWhitespace())


def _is_docstring(statement: cst.BaseStatement) -> bool:
    small = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
    return isinstance(small, cst.Expr) and isinstance(small.value, cst.SimpleString | cst.ConcatenatedString)
