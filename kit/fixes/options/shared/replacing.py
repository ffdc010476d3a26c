"""Expressions that are replaced where they stand."""

from __future__ import annotations

from collections.abc import Callable, Collection

import libcst as cst

from kit.fixes.options.shared.lines import NodesAt, edited
from kit.fixes.scene import FixScene

#: what takes an expression's place; ``None`` leaves it as it is
Becomes = Callable[[cst.BaseExpression], cst.BaseExpression | None]

#: gets the tree before and after, and returns the one to write
Finish = Callable[[cst.Module, cst.Module], cst.Module]


def replaced(
    scene: FixScene, path: str, lines: Collection[int], becomes: Becomes, finish: Finish = lambda _, after: after
) -> str | None:
    """The file's text with other expressions on these lines; ``None`` where nothing changes.

    Raises :class:`~kit.fixes.source.tree.NotEditableError`.
    """
    return edited(scene.text(path), path, lambda at: _Replacing(at, lines, becomes), finish)


class _Replacing(cst.CSTTransformer):
    """Asks the outermost expression first; what stands inside of one that is replaced goes with it."""

    def __init__(self, at: NodesAt, lines: Collection[int], becomes: Becomes) -> None:
        super().__init__()
        self._at, self._lines, self._becomes = at, lines, becomes
        self._new: dict[cst.CSTNode, cst.BaseExpression] = {}

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.BaseExpression) and any(self._at.begins(node, line) for line in self._lines):
            new = self._becomes(node)
            if new is not None:
                self._new[node] = new
                return False
        return True

    def on_leave(  # type: ignore[override]  # an expression becomes an expression
        self, original_node: cst.CSTNode, updated_node: cst.CSTNode
    ) -> cst.CSTNode:
        return self._new.get(original_node, updated_node)
