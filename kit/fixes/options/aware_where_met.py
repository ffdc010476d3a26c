"""Take a time without zone for UTC where it meets one with a zone, in a comparison or a difference.

https://docs.python.org/3/library/datetime.html#aware-and-naive-objects
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst
from libcst.helpers import get_full_name_for_node

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.places import Location
from kit.fixes.options.shared.replacing import replaced
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.imports import ImportBinding, bindings, with_import
from kit.fixes.source.texts import NotEditableError
from kit.fixes.source.tree import code_of, parse

CAUSES = frozenset({"naive-datetime"})
KIND = "aware-where-met"
_URL = "https://docs.python.org/3/library/datetime.html#aware-and-naive-objects"
#: comparisons that refuse the two; ``==`` does not, also not for ``None``
_RAISING = cst.LessThan | cst.LessThanEqual | cst.GreaterThan | cst.GreaterThanEqual
_MADE = frozenset({"producer", "value"})


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option for all lines of the app at which the two meet."""
    met = [place for place in cause.locations if place.role not in _MADE and not scene.is_test(place.path)]
    after: dict[str, str | None] = {}
    changed: list[Location] = []
    try:
        for path in dict.fromkeys(place.path for place in met):
            here = [place for place in met if place.path == path]
            if (text := _aware(scene, path, [place.line for place in here])) is not None:
                after[path] = text
                changed += here
    except NotEditableError as error:
        yield without_patch(cause, KIND, "Take a time without zone for UTC where it is used", error)
        return
    if after:
        shown = ", ".join(map(str, changed[:2])) + (f" and {len(changed) - 2} more" if len(changed) > 2 else "")
        title = f"Take a time without zone for UTC where it is used ({shown})"
        why = "Both sides have a zone then, whatever a database or a caller gives"
        losses = ("other lines that use the same value still get it without a zone",)
        yield option_of(cause, scene, Proposal(KIND, title, why, after, losses, documentation=_URL))


def _aware(scene: FixScene, path: str, lines: Sequence[int]) -> str | None:
    """The file's text with each side that is a plain name made aware; ``None`` where no such line is found."""
    bound = bindings(parse(scene.text(path), path))
    module = next((one.name for one in bound.values() if one.module == "datetime" and one.obj is None), None)
    zone = f"{module}.timezone.utc" if module else "timezone.utc"

    def becomes(node: cst.BaseExpression) -> cst.BaseExpression | None:
        changed: cst.BaseExpression
        if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Subtract):
            changed = node.with_changes(left=_with_zone(node.left, zone), right=_with_zone(node.right, zone))
        elif isinstance(node, cst.Comparison) and len(node.comparisons) == 1:
            (only,) = node.comparisons
            if not isinstance(only.operator, _RAISING):
                return None
            right = only.with_changes(comparator=_with_zone(only.comparator, zone))
            changed = node.with_changes(left=_with_zone(node.left, zone), comparisons=[right])
        else:
            return None
        return None if changed.deep_equals(node) else changed

    def finish(_: cst.Module, after: cst.Module) -> cst.Module:
        return (
            after if module else with_import(after, ImportBinding("datetime", "timezone", "timezone", for_types=False))
        )

    return replaced(scene, path, lines, becomes, finish)


def _with_zone(node: cst.BaseExpression, zone: str) -> cst.BaseExpression:
    """A name or an attribute, made aware where it is not; other expressions stay as they are."""
    if not isinstance(node, cst.Name | cst.Attribute) or get_full_name_for_node(node) is None:
        return node
    name = code_of(node.with_changes(lpar=[], rpar=[]))
    return cst.parse_expression(f"({name} if {name}.tzinfo else {name}.replace(tzinfo={zone}))")
