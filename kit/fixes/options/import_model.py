"""Import the module of a class that a relationship names, so that the class is mapped when its name is looked up.

https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html#late-evaluation-of-relationship-arguments
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.inventory import MappedClass
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.imports import bindings
from kit.fixes.source.texts import NotEditableError
from kit.fixes.source.tree import parse

CAUSES = frozenset({"broken-relationship", "relationship-target-not-imported"})
KIND = "import-model"
_URL = "https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html#late-evaluation-of-relationship-arguments"


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option: the file with the relationship imports the class's module, behind everything that it defines."""
    found = _owner_and_target(cause, scene)
    if found is None:
        return
    owner, target = found
    title = f"Import {target.module} at the end of {owner.path}"
    try:
        after = _with_import(scene.text(owner.path), owner.path, target.module)
    except NotEditableError as error:
        yield without_patch(cause, KIND, title, error)
        return
    if after is not None:
        why = (
            f"{target.name} is mapped then whenever {owner.name} is; at the end, the two modules may import each other"
        )
        yield option_of(cause, scene, Proposal(KIND, title, why, {owner.path: after}, documentation=_URL))


def _owner_and_target(cause: Cause, scene: FixScene) -> tuple[MappedClass, MappedClass] | None:
    """The class with the relationship, and the one class of one registry that it names; both are where the cause is."""
    here = {(place.path, place.line) for place in cause.locations}
    pairs = [
        (owner, target)
        for owner in scene.inventory.mapped_classes
        for relation in owner.relationships
        if (owner.path, relation.line) in here
        for target in scene.inventory.mapped_classes
        if target.name in (relation.points_at, (relation.target or "").strip("\"'"))
    ]
    if len(pairs) != 1:
        return None
    owner, target = pairs[0]
    if cause.kind == "broken-relationship" and not _is_missing(cause, target):
        return None
    return (owner, target) if owner.base == target.base and owner.path != target.path else None


def _is_missing(cause: Cause, target: MappedClass) -> bool:
    """Whether the class is what was not found: a wrong ``back_populates`` names an attribute instead."""
    return cause.id.partition(":")[2].partition("@")[0].rpartition(".")[2] == target.name


def _with_import(text: str, path: str, module: str) -> str | None:
    """The file's text with the import; ``None`` where it has one already that runs."""
    tree = parse(text, path)
    if any(one.module == module and not one.for_types for one in bindings(tree).values()):
        return None
    statement = cst.parse_statement(f"import {module}  # noqa: E402, F401", config=tree.config_for_parsing)
    assert isinstance(statement, cst.SimpleStatementLine)
    line = statement.with_changes(leading_lines=[cst.EmptyLine(indent=False)])
    return tree.with_changes(body=[*tree.body, line], has_trailing_newline=True).code
