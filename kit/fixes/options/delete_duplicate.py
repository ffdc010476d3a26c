"""Delete the duplicate of a collision: every importer imports the primary class, which gets what only the other has.

https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html#late-evaluation-of-relationship-arguments
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.wording import counted
from kit.fixes.options.shared.duplicates import (
    URL,
    Pair,
    carried_over_all,
    classes_of,
    needed_elsewhere,
    pairs_of,
    without_class,
)
from kit.fixes.options.shared.importers import MovedClass, importers_of, in_tests, rewritten
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.texts import NotEditableError

CAUSES = frozenset({"mapper-collision"})
KIND = "delete-duplicate"


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option, for a collision of two classes of which something imports the duplicate."""
    classes = classes_of(cause, scene)
    if classes is None or len(classes[1]) != 1:
        return
    primary, (duplicate,) = classes
    move = MovedClass.to(duplicate, primary)
    importers = importers_of(scene, move)
    title = f"Delete {duplicate.module}.{duplicate.name} and let {counted(len(importers), 'import')} name the other"
    try:
        pairs = pairs_of(scene, primary, (duplicate,)) if importers else None
        if not pairs:
            return
        carried, left = carried_over_all(pairs)
        after: dict[str, str | None] = {**rewritten(scene, move)}
        if primary.path in after or duplicate.path in after:
            raise NotEditableError(f"{primary.path} and {duplicate.path} import each other")
    except NotEditableError as error:
        yield without_patch(cause, KIND, title, error)
        return
    after |= {primary.path: carried.code, duplicate.path: _left_of(pairs[0], scene)}
    tests = in_tests(scene, move)
    stale = scene.declarations.string(f"{duplicate.module}.{duplicate.name}")
    losses = (
        *left,
        *pairs[0].lost_of_table,
        *pairs[0].conflicts,
        *(f"the text at {place} names the class that is gone" for place in stale),
    )
    why = f"{primary.name} is one class then, under one name" + (
        f"; {counted(tests, 'test file')} among them" * bool(tests)
    )
    yield option_of(cause, scene, Proposal(KIND, title, why, after, losses, on_tests=bool(tests), documentation=URL))


def _left_of(pair: Pair, scene: FixScene) -> str | None:
    """The duplicate's module without the class; ``None`` where nothing is left but its docstring and imports."""
    needed = needed_elsewhere(scene, pair) - {pair.duplicate.name}
    left = without_class(pair, needed)
    is_package = pair.duplicate.path.endswith("__init__.py")
    return left.code if needed or is_package or any(not _is_preamble(one) for one in left.body) else None


def _is_preamble(statement: cst.BaseStatement) -> bool:
    """Whether a statement is an import, a docstring, or imports for types."""
    if isinstance(statement, cst.If):
        body = statement.body.body
        return all(isinstance(one, cst.SimpleStatementLine) and _is_preamble(one) for one in body)
    return isinstance(statement, cst.SimpleStatementLine) and all(
        isinstance(small, cst.Import | cst.ImportFrom | cst.Expr | cst.Pass) for small in statement.body
    )
