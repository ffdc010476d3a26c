"""Patch a name by what it is called now, or where it is defined now.

https://docs.python.org/3/library/unittest.mock.html#where-to-patch
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from kit.causes import nearest
from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.fixes.options.shared.replacing import replaced
from kit.fixes.options.shared.texts import reworded, text_of
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.texts import NotEditableError

CAUSES = frozenset({"mock-target"})
KIND, MOVED = "renamed-patch-target", "moved-patch-target"
_URL = "https://docs.python.org/3/library/unittest.mock.html#where-to-patch"


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option: the name most like it in the same module, else the one module that defines the name now."""
    old = cause.id.partition(":")[2]
    owner, _, name = old.rpartition(".")
    known = scene.declarations.defined_in(owner)
    if not owner or name in known:
        return
    meant = nearest(name, known)
    modules = scene.declarations.modules_defining(name)
    if meant:
        yield from _option(cause, scene, KIND, old, f"{owner}.{meant}")
    elif len(modules) == 1:
        yield from _option(cause, scene, MOVED, old, f"{next(iter(modules))}.{name}")


def _option(cause: Cause, scene: FixScene, kind: str, old: str, new: str) -> Iterator[FixOption]:
    lines: dict[str, set[int]] = {}
    for one in scene.inventory.patch_targets:
        if one.target == old:
            lines.setdefault(one.path, set()).add(one.line)
    for place in cause.locations:
        if place.role == "patched":
            lines.setdefault(place.path, set()).add(place.line)
    title = f"Patch {new} in place of {old}"
    old_name, new_name = old.rpartition(".")[2], new.rpartition(".")[2]

    def becomes(node: cst.BaseExpression) -> cst.BaseExpression | None:
        if isinstance(node, cst.SimpleString) and text_of(node) == old:
            return reworded(node, old, new)
        if isinstance(node, cst.SimpleString) and kind == KIND and text_of(node) == old_name:
            return reworded(node, old_name, new_name)
        return None

    try:
        changed = {path: replaced(scene, path, numbers, becomes) for path, numbers in lines.items()}
    except NotEditableError as error:
        yield without_patch(cause, kind, title, error)
        return
    after: dict[str, str | None] = {path: text for path, text in changed.items() if text is not None}
    if after:
        defined = scene.declarations.defined_in(new.rpartition(".")[0]).get(new_name)
        why = f"{new_name} is defined at {defined}, and nothing is called {old}"
        yield option_of(cause, scene, Proposal(kind, title, why, after, on_tests=True, documentation=_URL))
