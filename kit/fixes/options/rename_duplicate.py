"""Give the duplicate of a collision another name: both stay mapped, and strings name the primary class alone.

https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html#late-evaluation-of-relationship-arguments
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.inventory import MappedClass
from kit.facts.wording import counted
from kit.fixes.options.shared.duplicates import URL, Pair, classes_of, pairs_of
from kit.fixes.options.shared.importers import Move, importers_of, in_tests, rewritten
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.imports import bindings
from kit.fixes.source.tree import NotEditableError

CAUSES = frozenset({"mapper-collision"})
KIND = "rename-duplicate"

#: module names that say nothing about what the models are of
_GENERIC = frozenset({"models", "model", "tables", "schema", "entities", "orm", "db", "database"})


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option, for a collision of two classes. Its importers go on using the old name for the new one."""
    classes = classes_of(cause, scene)
    if classes is None or len(classes[1]) != 1:
        return
    primary, (duplicate,) = classes
    name = _new_name(duplicate, scene)
    move = Move(duplicate.module, duplicate.name, duplicate.module, name)
    title = f"Rename {duplicate.module}.{duplicate.name} to {name}"
    try:
        pairs = pairs_of(scene, primary, (duplicate,))
        if not pairs:
            return
        after: dict[str, str | None] = {**rewritten(scene, move), duplicate.path: _renamed(pairs[0], name)}
    except NotEditableError as error:
        yield without_patch(cause, KIND, title, error)
        return
    places, tests = len(importers_of(scene, move)), in_tests(scene, move)
    why = f'"{primary.name}" means one class then; {counted(places, "import")} of the other keep their names'
    losses = _losses(primary, duplicate)
    yield option_of(cause, scene, Proposal(KIND, title, why, after, losses, on_tests=bool(tests), documentation=URL))


def _losses(primary: MappedClass, duplicate: MappedClass) -> tuple[str, ...]:
    if duplicate.table is None or duplicate.table_key != primary.table_key:
        return ()
    return (f"two classes stay mapped to the table {duplicate.table}: what one changes, the other does not see",)


def _new_name(duplicate: MappedClass, scene: FixScene) -> str:
    """The class's name behind that of its package: ``User`` of ``app.users.models`` becomes ``UsersUser``."""
    parts = [part for part in duplicate.module.split(".") if part not in _GENERIC]
    start = "".join(word.capitalize() for word in (parts[-1] if parts else "other").split("_"))
    taken = {one.name for one in scene.inventory.mapped_classes}
    name = f"{start}{duplicate.name}"
    return name if name not in taken else f"{name}Row"


def _renamed(pair: Pair, name: str) -> str:
    if name in bindings(pair.duplicate_module):
        raise NotEditableError(f"{pair.duplicate.path} imports another {name}")
    return pair.duplicate_module.visit(_Renaming(pair.duplicate.name, name)).code


class _Renaming(cst.CSTTransformer):
    """The class under another name, and what its module's code calls it; strings go on naming the primary class."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__()
        self._old, self._new = old, new

    def visit_Attribute(self, node: cst.Attribute) -> bool:  # noqa: N802  # libcst's name
        return not isinstance(node.value, cst.Name) or node.value.value == self._old

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:  # noqa: ARG002, N802  # the same
        return False

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:  # noqa: N802  # the same
        return updated_node.with_changes(value=self._new) if original_node.value == self._old else updated_node
