"""Name the class by its module in each relationship string that a collision makes ambiguous.

https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html#late-evaluation-of-relationship-arguments
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst
from libcst.helpers import get_full_name_for_node

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.inventory import MappedClass
from kit.facts.wording import counted
from kit.fixes.options.shared.duplicates import URL, classes_of
from kit.fixes.options.shared.replacing import replaced
from kit.fixes.options.shared.texts import text_of
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.texts import NotEditableError
from kit.fixes.source.tree import code_of

CAUSES = frozenset({"mapper-collision"})
KIND = "qualify-relationships"

#: the parameters of ``relationship`` whose strings are looked up among the classes; ``argument`` is the first one
_NAMING = frozenset({"argument", "primaryjoin", "secondaryjoin", "foreign_keys", "remote_side", "order_by"})


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option, for collisions that relationships meet by a string; both classes stay."""
    collision, classes = scene.collision(cause), classes_of(cause, scene)
    if collision is None or classes is None or not collision.used_by:
        return
    primary, duplicates = classes
    if len({one.module for one in (primary, *duplicates)}) <= len(duplicates):
        return  # two of them stand in one module, which names neither
    qualifying = _Qualifying(primary, duplicates)
    lines: dict[str, set[int]] = {}
    for place in collision.used_by:
        lines.setdefault(place.path, set()).add(place.line)
    title = f'Name {primary.module}.{primary.name} in the relationships that say "{primary.name}"'
    after: dict[str, str | None] = {}
    try:
        for path, numbers in lines.items():
            if (text := replaced(scene, path, numbers, qualifying.becomes)) is not None:
                after[path] = text
    except NotEditableError as error:
        yield without_patch(cause, KIND, title, error)
        return
    if after:
        find_each = "finds one class" if qualifying.changed == 1 else "find one class each"
        why = f"{counted(qualifying.changed, 'relationship')} {find_each} then"
        losses = (f'the next string that says "{primary.name}" is ambiguous again: both classes stay',)
        yield option_of(cause, scene, Proposal(KIND, title, why, after, losses, documentation=URL))


class _Qualifying:
    """The calls of ``relationship`` with the class named by its module, and how many were changed."""

    def __init__(self, primary: MappedClass, duplicates: tuple[MappedClass, ...]) -> None:
        self._primary, self._duplicates = primary, duplicates
        self.changed = 0

    def becomes(self, node: cst.BaseExpression) -> cst.BaseExpression | None:
        """The call with the class named in full; ``None`` where it does not name it."""
        if (
            not isinstance(node, cst.Call)
            or (get_full_name_for_node(node.func) or "").rpartition(".")[2] != "relationship"
        ):
            return None
        meant = self._meant(node)
        strings = _Strings(meant.name, f"{meant.module}.{meant.name}")
        new = node.with_changes(args=[one.visit(strings) if _names_a_class(node, one) else one for one in node.args])
        if new.deep_equals(node):
            return None
        self.changed += 1
        return new

    def _meant(self, node: cst.Call) -> MappedClass:
        """The one class that has all that the call names of it: the other side, columns; else the primary one."""
        sides = {text_of(one.value) for one in node.args if one.keyword and one.keyword.value == "back_populates"}
        naming = "\n".join(code_of(one.value) for one in node.args if _names_a_class(node, one))
        wanted = sides | set(re.findall(rf"\b{re.escape(self._primary.name)}\.(\w+)", naming))
        classes = (self._primary, *self._duplicates)
        having = [one for one in classes if wanted <= {*one.columns, *(other.name for other in one.relationships)}]
        return having[0] if having else self._primary


def _names_a_class(call: cst.Call, argument: cst.Arg) -> bool:
    """Whether a string there is looked up among the classes: others are names of attributes, of tables, or texts."""
    return argument.keyword.value in _NAMING if argument.keyword else argument is call.args[0] and not argument.star


class _Strings(cst.CSTTransformer):
    """Strings that are a class's name, or an expression that begins with it, with the name in full."""

    def __init__(self, name: str, full: str) -> None:
        super().__init__()
        self._pattern, self._full = re.compile(rf"(?<![\w.]){re.escape(name)}(?=\.|$)"), full

    def visit_Call(self, node: cst.Call) -> bool:  # noqa: ARG002, N802  # libcst's name
        return False  # a string that another function gets

    def leave_SimpleString(  # noqa: N802  # libcst's name
        self, original_node: cst.SimpleString, updated_node: cst.SimpleString
    ) -> cst.SimpleString:
        text = text_of(original_node)
        if not text:
            return updated_node
        raw = self._pattern.sub(self._full, original_node.raw_value)
        return updated_node.with_changes(value=f"{original_node.prefix}{original_node.quote}{raw}{original_node.quote}")
