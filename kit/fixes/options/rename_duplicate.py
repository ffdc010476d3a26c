"""Give the duplicate of a collision another name: both stay mapped, and strings name the primary class alone.

https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html#late-evaluation-of-relationship-arguments
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst
from libcst.helpers import get_full_name_for_node
from libcst.metadata import GlobalScope, MetadataWrapper, Scope, ScopeProvider

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.inventory import MappedClass
from kit.facts.wording import counted
from kit.fixes.options.shared.duplicates import URL, Pair, classes_of, pairs_of
from kit.fixes.options.shared.importers import MovedClass, importers_of, in_tests, rewritten
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.imports import bindings
from kit.fixes.source.texts import NotEditableError

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
    move = MovedClass(duplicate.module, duplicate.name, duplicate.module, name)
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
    wrapper = MetadataWrapper(pair.duplicate_module)
    return wrapper.visit(_Renaming(pair.duplicate, name)).code


class _Renaming(cst.CSTTransformer):
    """The class under another name, and what its module's code calls it; strings go on naming the primary class.

    Attributes of other things, keywords of calls, and names that a class or a function binds itself stay.
    """

    METADATA_DEPENDENCIES = (ScopeProvider,)

    def __init__(self, duplicate: MappedClass, new: str) -> None:
        super().__init__()
        self._old, self._new, self._module = duplicate.name, new, duplicate.module

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:  # noqa: ARG002, N802  # libcst's name
        return False

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:  # noqa: N802  # the same
        own = get_full_name_for_node(original_node.value) == self._module
        return updated_node if own else updated_node.with_changes(attr=original_node.attr)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:  # noqa: N802  # the same
        return updated_node.with_changes(keyword=original_node.keyword)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:  # noqa: N802  # the same
        if original_node.value != self._old or not self._is_of_the_module(original_node):
            return updated_node
        return updated_node.with_changes(value=self._new)

    def _is_of_the_module(self, node: cst.Name) -> bool:
        scope = self.get_metadata(ScopeProvider, node, None)
        if not isinstance(scope, Scope):
            return True
        return all(isinstance(one.scope, GlobalScope) for one in scope[self._old])
