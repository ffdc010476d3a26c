"""Say which foreign key a relationship follows, where several join the two tables.

https://docs.sqlalchemy.org/en/20/orm/join_conditions.html#handling-multiple-join-paths
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst
from libcst.helpers import get_full_name_for_node

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.inventory import MappedClass
from kit.facts.places import Location
from kit.fixes.options.shared.replacing import replaced
from kit.fixes.options.shared.texts import text_of
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.texts import NotEditableError
from kit.fixes.source.tree import calls_in, members, parse, top_class

CAUSES = frozenset({"broken-relationship"})
KIND = "choose-foreign-key"
_URL = "https://docs.sqlalchemy.org/en/20/orm/join_conditions.html#handling-multiple-join-paths"
_CHOOSING = frozenset(
    {"foreign_keys", "primaryjoin", "secondary", "secondaryjoin", "sa_relationship_kwargs", "link_model"}
)
#: with more of them nobody can guess
_MOST = 4


@dataclass(frozen=True)
class _Key:
    """A column of ``owner`` with a foreign key; ``written`` is the value that ``foreign_keys`` gets."""

    owner: str
    column: str
    written: str


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option for each foreign key that the relationship can follow, where several join the tables."""
    for place in cause.locations:
        owner, target = _ends(scene, place)
        if owner is None or target is None:
            continue
        try:
            keys = _keys(scene, owner, target, place)
            numbered = enumerate(keys if 1 < len(keys) <= _MOST else (), start=1)
            made = [(number, key, _with_key(scene, place, key)) for number, key in numbered]
        except NotEditableError as error:
            yield without_patch(cause, KIND, "Name the foreign key in foreign_keys=", error)
            return
        for number, key, after in made:
            if after is not None:
                kind = KIND if number == 1 else f"{KIND}-{number}"
                title = f"Let the relationship follow {key.owner}.{key.column} ({place})"
                why = "Several foreign keys join the two tables, and the relationship has to name the one it follows"
                losses = ("the others are not followed: check that this is the one that is meant",)
                yield option_of(
                    cause, scene, Proposal(kind, title, why, {place.path: after}, losses, documentation=_URL)
                )
        return


def _ends(scene: FixScene, place: Location) -> tuple[MappedClass | None, MappedClass | None]:
    """The class with the relationship of that line, and the one class that it points at."""
    classes = scene.inventory.mapped_classes
    for owner in classes:
        for relation in owner.relationships:
            if owner.path == place.path and relation.line == place.line:
                found = [one for one in classes if one.name == relation.points_at and one.base == owner.base]
                return owner, found[0] if len(found) == 1 else None
    return None, None


def _keys(scene: FixScene, owner: MappedClass, target: MappedClass, place: Location) -> list[_Key]:
    """The foreign keys between the two tables, those named like the relationship first."""
    name = next(one.name for one in owner.relationships if one.line == place.line)
    own = [
        _Key(owner.name, column, f"[{column}]" if line else f'"{owner.name}.{column}"')
        for column, line in _columns_to(scene, owner, target, place.line)
    ]
    others = [
        _Key(target.name, column, f'"{target.name}.{column}"')
        for column, _ in (_columns_to(scene, target, owner, 0) if target != owner else ())
    ]
    return sorted([*own, *others], key=lambda key: not key.column.startswith(name))


def _columns_to(scene: FixScene, owner: MappedClass, target: MappedClass, line: int) -> list[tuple[str, bool]]:
    """The columns of a class with a foreign key to a table, and whether each stands before ``line``."""
    module = parse(scene.text(owner.path), owner.path)
    node = top_class(module, owner.name)
    if node is None:
        return []
    constants = _constants(module)
    names = list(members(node))
    before = {one.name: one.line or 0 for one in owner.relationships}
    first = next((names.index(name) for name, at in before.items() if at == line and name in names), 0)
    return [
        (name, names.index(name) < first)
        for name, statement in members(node).items()
        if any(_table(call, constants) == target.table for call in calls_in(statement))
    ]


def _table(call: cst.Call, constants: dict[str, str]) -> str | None:
    """The table that a ``ForeignKey``, or ``Field(foreign_key=…)``, refers to."""
    is_key = (get_full_name_for_node(call.func) or "").rpartition(".")[2] == "ForeignKey"
    named = [one.value for one in call.args if one.keyword and one.keyword.value == "foreign_key"]
    for value in [*(one.value for one in call.args[:1] if is_key), *named]:
        text = constants.get(value.value) if isinstance(value, cst.Name) else text_of(value)
        if text:
            return text.rpartition(".")[0].rpartition(".")[2]
    return None


def _constants(module: cst.Module) -> dict[str, str]:
    """The strings that a module gives a name at its top level."""
    assigned = [
        (line.body[0].targets[0].target, text_of(line.body[0].value))
        for line in module.body
        if isinstance(line, cst.SimpleStatementLine) and isinstance(line.body[0], cst.Assign)
    ]
    return {target.value: text for target, text in assigned if isinstance(target, cst.Name) and text}


def _with_key(scene: FixScene, place: Location, key: _Key) -> str | None:
    def becomes(node: cst.BaseExpression) -> cst.BaseExpression | None:
        if not isinstance(node, cst.Call):
            return None
        name = (get_full_name_for_node(node.func) or "").rpartition(".")[2]
        given = {one.keyword.value for one in node.args if one.keyword}
        if name not in ("relationship", "Relationship") or given & _CHOOSING:
            return None
        if name == "relationship":
            return _with_argument(node, "foreign_keys", key.written)
        return _with_argument(node, "sa_relationship_kwargs", f'{{"foreign_keys": "{key.owner}.{key.column}"}}')

    return replaced(scene, place.path, [place.line], becomes)


def _with_argument(node: cst.Call, name: str, written: str) -> cst.Call:
    """The call with one more argument behind the class that it names; the layout of the others stays."""
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    added = cst.Arg(cst.parse_expression(written), keyword=cst.Name(name), equal=equal)
    between = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    first = [one for one in node.args[:1] if one.keyword is None]
    rest = node.args[len(first) :]
    if rest:
        added = added.with_changes(comma=first[0].comma if first else between)
        return node.with_changes(args=[*first, added, *rest])
    if not first:
        return node.with_changes(args=[added])
    last = added.with_changes(comma=first[0].comma, whitespace_after_arg=first[0].whitespace_after_arg)
    only = first[0].with_changes(comma=between, whitespace_after_arg=cst.SimpleWhitespace(""))
    return node.with_changes(args=[only, last])
