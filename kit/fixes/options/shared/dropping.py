"""Calls that are taken out of the tuple, list or module that holds them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeVar

import libcst as cst
from libcst.helpers import get_full_name_for_node

from kit.fixes.options.shared.lines import NodesAt

_Bracket = TypeVar("_Bracket", cst.RightParen, cst.RightSquareBracket)


class DropCall(cst.CSTTransformer):
    """Takes the call of one of these names that begins at a line out of the tuple, list or module that holds it."""

    def __init__(self, at: NodesAt, line: int, names: Collection[str]) -> None:
        super().__init__()
        self._at, self._line, self._names = at, line, names

    def _is_it(self, node: cst.BaseExpression) -> bool:
        if not isinstance(node, cst.Call) or not self._at.begins(node, self._line):
            return False
        return (get_full_name_for_node(node.func) or "").rpartition(".")[2] in self._names

    def leave_Tuple(self, original_node: cst.Tuple, updated_node: cst.Tuple) -> cst.Tuple:  # noqa: N802
        left = self._left(original_node.elements, updated_node.elements)
        if not self._is_last(original_node.elements) or not left or not updated_node.rpar:
            return updated_node.with_changes(elements=left)
        closing = _closed_after(left[-1], updated_node.rpar[0])
        left[-1] = _as_last(left[-1], original_node.elements[-1])
        return updated_node.with_changes(elements=left, rpar=[closing, *updated_node.rpar[1:]])

    def leave_List(self, original_node: cst.List, updated_node: cst.List) -> cst.List:  # noqa: N802
        left = self._left(original_node.elements, updated_node.elements)
        if not self._is_last(original_node.elements) or not left:
            return updated_node.with_changes(elements=left)
        closing = _closed_after(left[-1], updated_node.rbracket)
        left[-1] = _as_last(left[-1], original_node.elements[-1])
        return updated_node.with_changes(elements=left, rbracket=closing)

    def _is_last(self, elements: Sequence[cst.BaseElement]) -> bool:
        return bool(elements) and self._is_it(elements[-1].value)

    def _left(self, before: Sequence[cst.BaseElement], after: Sequence[cst.BaseElement]) -> list[cst.BaseElement]:
        left = [new for old, new in zip(before, after, strict=True) if not self._is_it(old.value)]
        if len(left) == 1 and len(left) < len(before) and not self._is_last(before):
            left[0] = left[0].with_changes(comma=cst.Comma())  # a tuple of one needs its comma
        return left

    def leave_SimpleStatementLine(  # noqa: N802
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.RemovalSentinel:
        small = original_node.body[0] if len(original_node.body) == 1 else None
        if isinstance(small, cst.Expr | cst.Assign) and self._is_it(small.value):
            return cst.RemoveFromParent()
        return updated_node


def _closed_after(element: cst.BaseElement, bracket: _Bracket) -> _Bracket:
    """The closing bracket behind an element that is the last one now: the comment of its line stays with it."""
    own = element.comma.whitespace_after if isinstance(element.comma, cst.Comma) else None
    behind = bracket.whitespace_before
    if isinstance(own, cst.ParenthesizedWhitespace) and isinstance(behind, cst.ParenthesizedWhitespace):
        return bracket.with_changes(whitespace_before=behind.with_changes(first_line=own.first_line))
    return bracket


def _as_last(element: cst.BaseElement, last: cst.BaseElement) -> cst.BaseElement:
    """The element with a comma where the last one had one, or where it is the only one of a tuple."""
    return element.with_changes(comma=cst.Comma() if isinstance(last.comma, cst.Comma) else cst.MaybeSentinel.DEFAULT)
