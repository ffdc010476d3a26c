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
from kit.fixes.options.shared.dropping import DropCall
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

    def edit(at: NodesAt) -> cst.CSTTransformer:
        return _DropColumnIndex(at, place.line) if place.role == "column" else DropCall(at, place.line, {"Index"})

    return edited(scene.text(place.path), place.path, edit, lambda before, after: clean(after, before))


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


def _closed(left: list[cst.Arg], before: object) -> list[cst.Arg]:
    """The arguments, the last one with the comma and the space that the last one had."""
    last = list(before)[-1]  # type: ignore[call-overload]
    if left:
        left[-1] = left[-1].with_changes(comma=last.comma, whitespace_after_arg=last.whitespace_after_arg)
    return left
