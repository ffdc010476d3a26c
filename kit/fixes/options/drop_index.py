"""Drop one of two definitions of an index: ``index=True`` on the column, or the explicit ``Index``.

https://docs.sqlalchemy.org/en/20/core/constraints.html#indexes
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.places import Location
from kit.fixes.options.shared.lines import NodesAt, edited
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.imports import clean
from kit.fixes.source.tree import NotEditableError

CAUSES = frozenset({"duplicate-index"})
KIND = "drop-index"
_URL = "https://docs.sqlalchemy.org/en/20/core/constraints.html#indexes"


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option for each of the two definitions, where one of them is left when the other goes."""
    places = [place for place in cause.locations if place.role in ("index", "column")]
    if len(places) < 2:
        return
    for place in places:
        others = [other for other in places if other != place]
        kept = ", ".join(str(other) for other in others)
        if place.role == "column":
            kind, title = f"{KIND}-of-column", f"Take index=True off the column ({place})"
        else:
            kind, title = KIND, f"Take the explicit Index out ({place})"
        try:
            after = _without(scene, place)
        except NotEditableError as error:
            yield without_patch(cause, kind, title, error)
            continue
        if after is None:
            continue
        why = f"The index of that name stays defined at {kept}"
        option = option_of(cause, scene, Proposal(kind, title, why, {place.path: after}, documentation=_URL))
        yield option


def _without(scene: FixScene, place: Location) -> str | None:
    """The file's text without the definition that stands at the place; ``None`` where none is found there."""
    edit = _DropColumnIndex if place.role == "column" else _DropIndex
    return edited(
        scene.text(place.path), place.path, lambda at: edit(at, place.line), lambda before, after: clean(after, before)
    )


class _DropColumnIndex(cst.CSTTransformer):
    """Takes ``index=True`` out of the call of the statement at a line."""

    def __init__(self, at: NodesAt, line: int) -> None:
        super().__init__()
        self._at, self._line = at, line

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:  # noqa: N802  # libcst's name
        keyword = m.Arg(keyword=m.Name("index"), value=m.Name("True"))
        if not self._at.within(original_node, self._line):
            return updated_node
        left = [argument for argument in updated_node.args if not m.matches(argument, keyword)]
        if len(left) == len(updated_node.args):
            return updated_node
        return updated_node.with_changes(args=_closed(left, updated_node.args))


class _DropIndex(cst.CSTTransformer):
    """Takes the ``Index(...)`` that begins at a line out of the tuple, list or module that holds it."""

    def __init__(self, at: NodesAt, line: int) -> None:
        super().__init__()
        self._at, self._line = at, line

    def _is_it(self, node: cst.BaseExpression) -> bool:
        is_index = m.matches(node, m.Call(func=m.OneOf(m.Name("Index"), m.Attribute(attr=m.Name("Index")))))
        return is_index and self._at.begins(node, self._line)

    def leave_Tuple(self, original_node: cst.Tuple, updated_node: cst.Tuple) -> cst.Tuple:  # noqa: N802
        return updated_node.with_changes(elements=self._left(original_node.elements, updated_node.elements))

    def leave_List(self, original_node: cst.List, updated_node: cst.List) -> cst.List:  # noqa: N802
        return updated_node.with_changes(elements=self._left(original_node.elements, updated_node.elements))

    def _left(self, before: object, after: object) -> list[cst.Element]:
        pairs = zip(before, after, strict=True)  # type: ignore[call-overload]
        left = [new for old, new in pairs if not self._is_it(old.value)]
        if len(left) == 1 and len(left) < len(list(before)):  # type: ignore[call-overload]
            left[0] = left[0].with_changes(comma=cst.Comma())  # a tuple of one needs its comma
        return left

    def leave_SimpleStatementLine(  # noqa: N802
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.RemovalSentinel:
        small = original_node.body[0] if len(original_node.body) == 1 else None
        if isinstance(small, cst.Expr | cst.Assign) and self._is_it(small.value):
            return cst.RemoveFromParent()
        return updated_node


def _closed(left: list[cst.Arg], before: object) -> list[cst.Arg]:
    """The arguments, the last one with the comma and the space that the last one had."""
    last = list(before)[-1]  # type: ignore[call-overload]
    if left:
        left[-1] = left[-1].with_changes(comma=last.comma, whitespace_after_arg=last.whitespace_after_arg)
    return left
