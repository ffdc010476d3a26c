"""Correct the name in a foreign key or a relationship: the table, the column, the class, the other side.

https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html#late-evaluation-of-relationship-arguments
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

import libcst as cst
from libcst.helpers import get_full_name_for_node

from kit.causes import nearest
from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.inventory import MappedClass
from kit.fixes.options.shared.replacing import replaced
from kit.fixes.options.shared.texts import reworded, text_of
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.texts import NotEditableError

CAUSES = frozenset({"foreign-key", "broken-relationship", "back-populates"})
KIND = "correct-name"
_URL = "https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html#late-evaluation-of-relationship-arguments"

#: the wrong text of a call and the right one
_Correction = tuple[cst.SimpleString, str]


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option: each name at the places of the cause that nothing is called, and that one known name is like."""
    lines: dict[str, set[int]] = {}
    for place in cause.locations:
        lines.setdefault(place.path, set()).add(place.line)
    told: list[str] = []
    corrections = _Corrections(scene, lines)

    def becomes(node: cst.BaseExpression) -> cst.BaseExpression | None:
        found = corrections.of(node) if isinstance(node, cst.Call) else None
        if found is None:
            return None
        wrong, right = found
        told.append(f'"{text_of(wrong)}" → "{right}"')
        new = node.deep_replace(wrong, reworded(wrong, text_of(wrong) or "", right))
        assert isinstance(new, cst.Call)
        return new

    after: dict[str, str | None] = {}
    try:
        for path, numbers in lines.items():
            if (text := replaced(scene, path, numbers, becomes)) is not None:
                after[path] = text
    except NotEditableError as error:
        yield without_patch(cause, KIND, "Correct the name", error)
        return
    if after:
        shown = ", ".join(dict.fromkeys(told))
        why = "Nothing has the first name, and the second is the one most like it"
        yield option_of(cause, scene, Proposal(KIND, f"Correct the name: {shown}", why, after, documentation=_URL))


class _Corrections:
    """What is wrong with a call of ``ForeignKey`` or ``relationship``, as far as the mapped classes tell."""

    def __init__(self, scene: FixScene, lines: Mapping[str, Collection[int]]) -> None:
        """``lines`` are those of the cause, by path."""
        classes = scene.inventory.mapped_classes
        #: the classes that relationships at these lines point at, whatever says so
        self._annotated = {
            relation.points_at
            for one in classes
            for relation in one.relationships
            if relation.line in lines.get(one.path, ())
        }
        self._tables: dict[str, set[str]] = {}
        self._classes: dict[str, list[MappedClass]] = {}
        for one in classes:
            self._classes.setdefault(one.name, []).append(one)
            if one.table:
                self._tables.setdefault(one.table, set()).update(one.columns)

    def of(self, node: cst.Call) -> _Correction | None:
        """The wrong string with the right one; ``None`` where nothing is wrong, or nothing is like it."""
        name = (get_full_name_for_node(node.func) or "").rpartition(".")[2]
        readers: dict[str, Callable[[cst.Call], _Correction | None]] = {
            "ForeignKey": self._foreign_key,
            "relationship": self._relationship,
        }
        return readers[name](node) if name in readers and node.args else None

    def _foreign_key(self, node: cst.Call) -> _Correction | None:
        written = node.args[0].value
        text = text_of(written)
        if not isinstance(written, cst.SimpleString) or text is None or text.count(".") != 1:
            return None
        table, _, column = text.partition(".")
        if table not in self._tables:
            meant = nearest(table, self._tables)
            return (written, f"{meant}.{column}") if meant and column in self._tables[meant] else None
        if column in self._tables[table]:
            return None
        meant = nearest(column, self._tables[table])
        return (written, f"{table}.{meant}") if meant else None

    def _relationship(self, node: cst.Call) -> _Correction | None:
        written = node.args[0].value if node.args[0].keyword is None else None
        target = text_of(written)
        if isinstance(written, cst.SimpleString) and target and target.isidentifier() and target not in self._classes:
            meant = nearest(target, self._classes)
            return (written, meant) if meant else None
        if target is None and len(self._annotated) == 1:
            (target,) = self._annotated
        return self._other_side(node, target)

    def _other_side(self, node: cst.Call, target: str | None) -> _Correction | None:
        side = next((one.value for one in node.args if one.keyword and one.keyword.value == "back_populates"), None)
        name = text_of(side)
        if not isinstance(side, cst.SimpleString) or name is None:
            return None
        owners = self._classes.get(target, []) if target else []
        known = {one.name for owner in owners for one in owner.relationships}
        if len(owners) != 1 or name in known:
            return None
        meant = nearest(name, known)
        return (side, meant) if meant else None
