"""Correct the name in a foreign key or a relationship: the table, the column, the class, the other side.

https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html#late-evaluation-of-relationship-arguments
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import libcst as cst

from kit.causes import nearest
from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.inventory import MappedClass
from kit.fixes.options.shared.lines import NodesAt, edited
from kit.fixes.options.shared.local_classes import local_classes
from kit.fixes.options.shared.refused_keyword import called_name
from kit.fixes.options.shared.texts import reworded, text_of
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.texts import NotEditableError
from kit.fixes.source.tree import is_name

CAUSES = frozenset({"foreign-key", "broken-relationship", "back-populates", "relationship-target-unknown"})
KIND = "correct-name"
_URL = "https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html#late-evaluation-of-relationship-arguments"

#: the wrong text of a call and the right one
_Correction = tuple[cst.SimpleString, str]


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option: each name at the places of the cause that nothing is called, and that one known name is like."""
    told: list[str] = []
    after: dict[str, str | None] = {}
    try:
        for path in dict.fromkeys(place.path for place in cause.locations):
            if (text := _corrected(_Names(cause, scene, path), scene.text(path), path, told)) is not None:
                after[path] = text
    except NotEditableError as error:
        yield without_patch(cause, KIND, "Correct the name", error)
        return
    if after:
        shown = ", ".join(dict.fromkeys(told))
        why = "Nothing has the first name, and the second is the one most like it"
        yield option_of(cause, scene, Proposal(KIND, f"Correct the name: {shown}", why, after, documentation=_URL))


def _corrected(names: _Names, text: str, path: str, told: list[str]) -> str | None:
    return edited(text, path, lambda at: _Correcting(at, names, told))


class _Names:
    """What is wrong with the names on the lines of a cause in one file, as far as the mapped classes tell."""

    def __init__(self, cause: Cause, scene: FixScene, path: str) -> None:
        self._path = path
        self._declared = scene.declarations
        self._places = {(place.path, place.line) for place in cause.locations}
        self.lines = {place.line for place in cause.locations if place.path == path}
        #: the class that each relationship on these lines points at, whatever says so
        self._targets: dict[str, str | None] = {}
        self._tables: dict[str, set[str]] = {}
        self._classes: dict[str, list[MappedClass]] = {}
        for one in (*scene.inventory.mapped_classes, *local_classes(scene, path, self.lines)):
            self._classes.setdefault(one.name, []).append(one)
            if one.table:
                self._tables.setdefault(one.table, set()).update(one.columns)
            for relation in one.relationships:
                if (one.path, relation.line) in self._places and one.path == path:
                    self._targets[relation.name] = relation.points_at

    def of_call(self, node: cst.Call) -> _Correction | None:
        """The wrong string with the right one; ``None`` where nothing is wrong, or nothing is like it."""
        name = called_name(node)
        if name == "ForeignKey":
            return self._foreign_key(_argument(node, "column") or _first(node))
        if name == "Field":
            return self._foreign_key(_argument(node, "foreign_key"))
        return self._relationship(node) if name in ("relationship", "Relationship") else None

    def of_annotation(self, attribute: str) -> tuple[str, str] | None:
        """The class that the annotation of a relationship names and that is not mapped, with the one that is meant."""
        target = self._targets.get(attribute)
        meant = self._class_like(target) if target else None
        return (target, meant) if target and meant else None

    def _class_like(self, name: str) -> str | None:
        """The mapped class that is meant by a name that no class has, mapped or not."""
        if name in self._classes or self._declared.classes(name):
            return None
        return nearest(name, self._classes)

    def _foreign_key(self, written: cst.BaseExpression | None) -> _Correction | None:
        text = text_of(written)
        if not isinstance(written, cst.SimpleString) or text is None or text.count(".") != 1:
            return None
        table, _, column = text.partition(".")
        if table not in self._tables:
            if self._declared.tables(table):
                return None
            meant = nearest(table, self._tables)
            return (written, f"{meant}.{column}") if meant and column in self._tables[meant] else None
        if column in self._tables[table]:
            return None
        meant = nearest(column, self._tables[table])
        return (written, f"{table}.{meant}") if meant else None

    def _relationship(self, node: cst.Call) -> _Correction | None:
        written = _argument(node, "argument") or _first(node)
        target = text_of(written)
        if isinstance(written, cst.SimpleString) and target and target.isidentifier() and target not in self._classes:
            meant = self._class_like(target)
            return (written, meant) if meant else None
        if target is None and len(pointed := {*self._targets.values()}) == 1:
            (target,) = pointed
        return self._other_side(node, target)

    def _other_side(self, node: cst.Call, target: str | None) -> _Correction | None:
        side = _argument(node, "back_populates")
        name = text_of(side)
        if not isinstance(side, cst.SimpleString) or name is None:
            return None
        owners = self._nearest_of(self._classes.get(target, []) if target else [])
        known = {one.name for owner in owners for one in owner.relationships}
        if len(owners) != 1 or name in known:
            return None
        meant = nearest(name, known)
        return (side, meant) if meant else None

    def _nearest_of(self, owners: list[MappedClass]) -> Collection[MappedClass]:
        """Of several classes of one name those at the places of the cause, else those of this file."""
        here = [one for one in owners if (one.path, one.line) in self._places]
        return here or [one for one in owners if one.path == self._path] or owners


class _Correcting(cst.CSTTransformer):
    """Corrects the statements on the lines of a cause, and notes each correction in ``told``."""

    def __init__(self, at: NodesAt, names: _Names, told: list[str]) -> None:
        super().__init__()
        self._at, self._names, self._told = at, names, told

    def visit_SimpleStatementLine(self, node: cst.SimpleStatementLine) -> bool:  # noqa: N802  # libcst's name
        return any(self._at.within(node, line) for line in self._names.lines)

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:  # noqa: N802  # libcst's name
        found = self._names.of_call(original_node)
        if found is None:
            return updated_node
        wrong, right = found
        self._told.append(f'"{text_of(wrong)}" → "{right}"')
        new = original_node.deep_replace(wrong, reworded(wrong, text_of(wrong) or "", right))
        assert isinstance(new, cst.Call)
        return new

    def leave_AnnAssign(  # noqa: N802  # libcst's name
        self, original_node: cst.AnnAssign, updated_node: cst.AnnAssign
    ) -> cst.AnnAssign:
        target = original_node.target
        found = self._names.of_annotation(target.value) if isinstance(target, cst.Name) else None
        if found is None:
            return updated_node
        self._told.append(f'"{found[0]}" → "{found[1]}"')
        return updated_node.with_changes(annotation=updated_node.annotation.visit(_Renaming(*found)))


class _Renaming(cst.CSTTransformer):
    """Names another class in an annotation, in its strings too."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__()
        self._old, self._new = old, new

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:  # noqa: N802  # libcst's name
        return updated_node.with_changes(value=self._new) if is_name(original_node, self._old) else updated_node

    def leave_SimpleString(  # noqa: N802  # libcst's name
        self, original_node: cst.SimpleString, updated_node: cst.SimpleString
    ) -> cst.SimpleString:
        return updated_node.with_changes(value=re.sub(rf"\b{self._old}\b", self._new, original_node.value))


def _first(node: cst.Call) -> cst.BaseExpression | None:
    return node.args[0].value if node.args and node.args[0].keyword is None else None


def _argument(node: cst.Call, name: str) -> cst.BaseExpression | None:
    return next((one.value for one in node.args if one.keyword and one.keyword.value == name), None)
