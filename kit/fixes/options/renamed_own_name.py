"""Import a name of the target by the name that its module gives it now; the importing file keeps the old one.

https://docs.python.org/3/reference/simple_stmts.html#the-import-statement
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import libcst as cst

from kit.causes import nearest
from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.fixes.options.shared.moved_imports import aliases, changed_imports
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.texts import NotEditableError

CAUSES = frozenset({"unresolved-import", "module-not-importable"})
KIND = "renamed-own-name"
_URL = "https://docs.python.org/3/reference/simple_stmts.html#the-import-statement"


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option, where the module defines a like name for each missing one, and no other file mentions it. Another
    module may have the missing name all the same: then a trial shows which one is meant.
    """
    finding = next(iter(scene.findings(cause, "unresolved-import")), None)
    missing = finding.details.get("missing") if finding else None
    if finding is None or not isinstance(missing, list):
        return
    module = str(missing[0]).rpartition(".")[0]
    meant = {name: _meant(scene, module, name) for name in (str(one).rpartition(".")[2] for one in missing)}
    new = {name: now for name, now in meant.items() if now}
    if len(new) < len(meant):
        return
    shown = ", ".join(f"{now} as {name}" for name, now in new.items())
    title = f"Import {shown} from {module} ({finding.locations[0]})"
    try:
        changed = changed_imports(scene, finding.locations, module, partial(_renamed, new))
    except NotEditableError as error:
        yield without_patch(cause, KIND, title, error)
        return
    if finding.locations[0].path in changed:
        why = f"{module} does not define {', '.join(new)}, and nothing else uses the like name that it defines"
        losses = ("the importing files go on to use the old name",)
        after: dict[str, str | None] = {**changed}
        yield option_of(cause, scene, Proposal(KIND, title, why, after, losses, documentation=_URL))


def _meant(scene: FixScene, module: str, name: str) -> str | None:
    """The name that the module gives now to what was called ``name``. A name that others use has been there before."""
    declared = scene.declarations
    if not declared.has_module(module):
        return None
    defined = declared.defined_in(module)
    meant = nearest(name, defined)
    if meant is None or name in defined:
        return None
    used = re.compile(rf"\b{meant}\b")
    others = (path for path in declared.reading.trees.paths if path != defined[meant].path)
    return None if any(used.search(scene.text(path)) for path in others) else meant


def _renamed(new: Mapping[str, str], statement: cst.ImportFrom, _package: Sequence[str]) -> Sequence[cst.ImportFrom]:
    return [statement.with_changes(names=[_alias(one, new) for one in aliases(statement)])]


def _alias(alias: cst.ImportAlias, new: Mapping[str, str]) -> cst.ImportAlias:
    name = str(alias.name.value)
    if name not in new:
        return alias
    return alias.with_changes(name=cst.Name(new[name]), asname=alias.asname or cst.AsName(cst.Name(name)))
