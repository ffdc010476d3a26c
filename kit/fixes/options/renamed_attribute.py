"""Use an attribute of a mapped class by the name that the class gives it.

https://docs.python.org/3/reference/expressions.html#attribute-references
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst
from libcst.helpers import get_full_name_for_node

from kit.causes import nearest
from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.inventory import MappedClass
from kit.fixes.options.shared.lines import NodesAt, edited
from kit.fixes.options.shared.sides import by_side, in_words
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.texts import NotEditableError

CAUSES = frozenset({"missing-attribute"})
KIND = "renamed-attribute"
OF_CLASS = f"{KIND}-of-class"
_URL = "https://docs.python.org/3/reference/expressions.html#attribute-references"
#: methods that take columns by keyword
_BY_KEYWORD = frozenset({"filter_by", "values"})


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option for the app and one for the tests, where the class has one attribute that is like the missing one:
    every ``Owner.name`` and ``Owner(name=…)``, and the name on the lines of the cause. Where nothing mentions that
    attribute, the class may give it the missing name instead.
    """
    owner, _, name = cause.id.partition(":")[2].rpartition(".")
    mapped = [one for one in scene.inventory.mapped_classes if one.name == owner]
    if len(mapped) != 1:
        return
    known = {*mapped[0].columns, *(one.name for one in mapped[0].relationships)}
    meant = None if name in known else nearest(name, known)
    if meant is None:
        return
    lines: dict[str, set[int]] = {}
    for place in cause.locations:
        if place.role != "definition":
            lines.setdefault(place.path, set()).add(place.line)
    use = _Use(owner, name, meant)
    for side, paths in by_side(scene, {*lines, *scene.declarations.reading.trees.paths}):
        title = f'Use {owner}.{meant} in place of "{name}", {in_words(side)}'
        try:
            after = {path: text for path in paths if (text := use.corrected(scene, path, lines.get(path, set())))}
        except NotEditableError as error:
            yield without_patch(cause, KIND + side, title, error)
            continue
        if after:
            why = f"{owner} has no {name}, and {meant} is the one of its attributes most like it"
            yield option_of(cause, scene, Proposal(KIND + side, title, why, after, documentation=_URL))
    if scene.declarations.reading.trees.times_named(meant) == 1:
        yield from _of_class(cause, scene, mapped[0], use)


def _of_class(cause: Cause, scene: FixScene, mapped: MappedClass, use: _Use) -> Iterator[FixOption]:
    """The option to rename the attribute in its class."""
    title = f"Call the attribute {use.meant} of {use.owner} {use.name} ({mapped.path})"
    try:
        text = edited(scene.text(mapped.path), mapped.path, lambda _: _Renamed(use))
    except NotEditableError as error:
        yield without_patch(cause, OF_CLASS, title, error)
        return
    if text is not None:
        why = f"{use.name} is used of {use.owner}, and nothing else mentions {use.meant}"
        column = f"the column {use.meant} of {mapped.table} may get another name too, which asks for a migration"
        losses = (column,) if use.meant in mapped.columns else ()
        yield option_of(cause, scene, Proposal(OF_CLASS, title, why, {mapped.path: text}, losses, documentation=_URL))


class _Use:
    """The uses of an attribute by a name that its class does not know."""

    def __init__(self, owner: str, name: str, meant: str) -> None:
        self.owner, self.name, self.meant = owner, name, meant

    def corrected(self, scene: FixScene, path: str, lines: set[int]) -> str | None:
        """The text of a file with the right name; ``None`` where it does not use the wrong one."""
        text = scene.text(path)
        if self.name not in text or not (lines or self.owner in text):
            return None
        return edited(text, path, lambda at: _Corrected(at, self, lines))


class _Corrected(cst.CSTTransformer):
    def __init__(self, at: NodesAt, use: _Use, lines: set[int]) -> None:
        super().__init__()
        self._at, self._use, self._lines = at, use, lines

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:  # noqa: N802
        owner = (get_full_name_for_node(original_node.value) or "").rpartition(".")[2]
        is_meant = owner == self._use.owner or self._is_on_a_line(original_node)
        if original_node.attr.value != self._use.name or not is_meant:
            return updated_node
        return updated_node.with_changes(attr=cst.Name(self._use.meant))

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:  # noqa: N802  # libcst's name
        name = (get_full_name_for_node(original_node.func) or "").rpartition(".")[2]
        is_meant = name == self._use.owner or (name in _BY_KEYWORD and self._is_on_a_line(original_node))
        given = {one.keyword.value for one in original_node.args if one.keyword}
        if not is_meant or self._use.name not in given or self._use.meant in given:
            return updated_node
        return updated_node.with_changes(
            args=[
                one.with_changes(keyword=cst.Name(self._use.meant))
                if one.keyword and one.keyword.value == self._use.name
                else one
                for one in updated_node.args
            ]
        )

    def _is_on_a_line(self, node: cst.BaseExpression) -> bool:
        return any(self._at.within(node, line) for line in self._lines)


class _Renamed(cst.CSTTransformer):
    """Gives the one place that has a name the other one."""

    def __init__(self, use: _Use) -> None:
        super().__init__()
        self._use = use

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:  # noqa: N802  # libcst's name
        is_meant = original_node.value == self._use.meant
        return updated_node.with_changes(value=self._use.name) if is_meant else updated_node
