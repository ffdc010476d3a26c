"""Drop one of two definitions of an index: ``index=True`` on the column, or the explicit ``Index``.

https://docs.sqlalchemy.org/en/20/core/constraints.html#indexes
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.inventory import MappedClass
from kit.facts.places import Location
from kit.fixes.options.shared.dropping import DropCall
from kit.fixes.options.shared.lines import NodesAt, edited
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.imports import clean
from kit.fixes.source.texts import NotEditableError
from kit.fixes.source.tree import is_name

CAUSES = frozenset({"duplicate-index"})
KIND = "drop-index"
_URL = "https://docs.sqlalchemy.org/en/20/core/constraints.html#indexes"


@dataclass(frozen=True)
class _Definition:
    """One definition of the index. ``after`` is the file's text without it, or why no text can be made."""

    place: Location
    of_column: bool
    after: str | NotEditableError


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option for each definition, where another one is left when it goes. They may stand in different files."""
    places = {(place.path, place.line): place for place in reversed(cause.locations)}
    found = [one for place in reversed(places.values()) if (one := _definition(scene, place)) is not None]
    used: Counter[str] = Counter()
    for one in found if len(found) > 1 else ():
        kept = ", ".join(str(other.place) for other in found if other != one)
        if one.of_column:
            kind, title = f"{KIND}-of-column", f"Take index=True off the column ({one.place})"
        else:
            kind, title = KIND, f"Take the explicit Index out ({one.place})"
        used[kind] += 1
        kind = kind if used[kind] == 1 else f"{kind}-{used[kind]}"
        if isinstance(one.after, NotEditableError):
            yield without_patch(cause, kind, title, one.after)
            continue
        why = f"The index of that name stays defined at {kept}"
        passing = [_duplicate_at(scene, other.place) for other in found if other != one]
        losses = (*(_passing(duplicate) for duplicate in passing if duplicate), *_unindexed(cause, scene, one.place))
        yield option_of(
            cause, scene, Proposal(kind, title, why, {one.place.path: one.after}, losses, documentation=_URL)
        )


def without_column_index(scene: FixScene, place: Location) -> str | None:
    """The file's text without the ``index=True`` of the column at a line; ``None`` where there is none.

    Raises :class:`~kit.fixes.source.tree.NotEditableError`.
    """
    return _without(scene, place, of_column=True)


def _duplicate_at(scene: FixScene, place: Location) -> MappedClass | None:
    """The duplicate class of a collision that a line stands in."""
    parties = [party for one in scene.inventory.collisions for party in one.classes if not party.primary]
    within = (
        one.mapped
        for one in parties
        if one.mapped.path == place.path and one.mapped.line <= place.line <= (one.mapped.end_line or one.mapped.line)
    )
    return next(within, None)


def _passing(duplicate: MappedClass) -> str:
    return f"the index stays in a duplicate class ({duplicate.module}.{duplicate.name}), and goes when that one does"


def _unindexed(cause: Cause, scene: FixScene, place: Location) -> Iterator[str]:
    """What is without an index afterwards, where the other definition is one of another table."""
    tables = [one.details.get("tables") for one in scene.findings(cause, "duplicate-index")]
    if not any(isinstance(names, list) and len(names) > 1 for names in tables):
        return
    yield f"no index is left on the column ({place}): the other one is of another table"
    in_file = [one for one in scene.inventory.mapped_classes if one.path == place.path]
    if not any(one.line <= place.line <= (one.end_line or one.line) for one in in_file):
        yield "every table that gets the column from there loses its index"


def _definition(scene: FixScene, place: Location) -> _Definition | None:
    """The definition at a place; ``None`` where something else stands there."""
    try:
        if (text := _without(scene, place, of_column=False)) is not None:
            return _Definition(place, False, text)
        text = _without(scene, place, of_column=True)
    except NotEditableError as error:
        is_one = place.role in ("index", "column")
        return _Definition(place, place.role == "column", error) if is_one else None
    return None if text is None else _Definition(place, True, text)


def _without(scene: FixScene, place: Location, *, of_column: bool) -> str | None:
    """The file's text without the definition that stands at the place; ``None`` where none is found there."""

    def edit(at: NodesAt) -> cst.CSTTransformer:
        return _DropColumnIndex(at, place.line) if of_column else DropCall(at, place.line, {"Index"})

    return edited(scene.text(place.path), place.path, edit, lambda before, after: clean(after, before))


class _DropColumnIndex(cst.CSTTransformer):
    """Takes ``index=True`` out of the call of the statement at a line."""

    def __init__(self, at: NodesAt, line: int) -> None:
        super().__init__()
        self._at, self._line = at, line

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:  # noqa: N802  # libcst's name
        if not self._at.within(original_node, self._line):
            return updated_node
        left = [argument for argument in updated_node.args if not _is_index(argument)]
        if len(left) == len(updated_node.args):
            return updated_node
        return updated_node.with_changes(args=_closed(left, updated_node.args))


def _is_index(argument: cst.Arg) -> bool:
    return is_name(argument.keyword, "index") and is_name(argument.value, "True")


def _closed(left: list[cst.Arg], before: object) -> list[cst.Arg]:
    """The arguments, the last one with the comma and the space that the last one had."""
    last = list(before)[-1]  # type: ignore[call-overload]
    if left:
        left[-1] = left[-1].with_changes(comma=last.comma, whitespace_after_arg=last.whitespace_after_arg)
    return left
