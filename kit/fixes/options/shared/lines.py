"""Nodes of a tree by their lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from kit.fixes.source.tree import parse


class NodesAt:
    """Where each node of a tree stands; lines count from 1."""

    def __init__(self, ranges: Mapping[cst.CSTNode, CodeRange]) -> None:
        self._ranges = ranges

    def begins(self, node: cst.CSTNode, line: int) -> bool:
        """Whether a node's first line is this one."""
        found = self._ranges.get(node)
        return found is not None and found.start.line == line

    def within(self, node: cst.CSTNode, line: int) -> bool:
        """Whether a line is among those of a node that takes few of them: a statement, not a class."""
        found = self._ranges.get(node)
        return found is not None and found.start.line <= line <= found.end.line


#: the options of one cause change the same files, and finding the lines of a large one takes a while
_FILES = 64


@lru_cache(maxsize=_FILES)
def _placed(text: str, path: str) -> tuple[cst.Module, NodesAt]:
    """The tree of a text, with the lines of its nodes. Raises :class:`~kit.fixes.source.tree.NotEditableError`."""
    wrapper = MetadataWrapper(parse(text, path), unsafe_skip_copy=True)  # nobody else has the tree
    return wrapper.module, NodesAt(wrapper.resolve(PositionProvider))


def statement_at(text: str, path: str, line: int) -> tuple[cst.Module, cst.SimpleStatementLine | None]:
    """The tree of a text, and its statement at the top level that has a line (``None``: another one has it).

    Raises :class:`~kit.fixes.source.tree.NotEditableError`.
    """
    module, at = _placed(text, path)
    simple = (one for one in module.body if isinstance(one, cst.SimpleStatementLine))
    return module, next((one for one in simple if at.within(one, line)), None)


def edited(
    text: str,
    path: str,
    transformer: Callable[[NodesAt], cst.CSTTransformer],
    clean: Callable[[cst.Module, cst.Module], cst.Module] = lambda _, after: after,
) -> str | None:
    """The text as a transformer changes it, ``None`` where it changes nothing. ``clean`` gets the trees before and
    after. Raises :class:`~kit.fixes.source.tree.NotEditableError`.
    """
    before, at = _placed(text, path)
    after = before.visit(transformer(at))
    return None if after.code == text else clean(before, after).code
