"""Imports of names that another module has now.

https://docs.python.org/3/reference/simple_stmts.html#the-import-statement
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

import libcst as cst
from libcst.helpers import get_full_name_for_node

from kit.facts.places import Location
from kit.fixes.options.shared.lines import NodesAt, edited
from kit.fixes.scene import FixScene

#: gets a name, and returns the module that has it now; ``None`` where it is to stay
Home = Callable[[str], str | None]
#: gets an import and the package of its file, and returns the imports to write in its place
Change = Callable[[cst.ImportFrom, Sequence[str]], Sequence[cst.ImportFrom]]


def moved_imports(scene: FixScene, places: Sequence[Location], module: str, home: Home) -> dict[str, str]:
    """The new texts of all files of the target, and those at ``places``, that import such names from ``module``.

    Raises :class:`~kit.fixes.source.tree.NotEditableError`.
    """
    return changed_imports(scene, places, module, partial(_moved, home))


def changed_imports(scene: FixScene, places: Sequence[Location], module: str, change: Change) -> dict[str, str]:
    """The new texts of all files of the target, and those at ``places``, with other imports from ``module``.

    Raises :class:`~kit.fixes.source.tree.NotEditableError`.
    """
    own = dict.fromkeys((*(place.path for place in places), *scene.declarations.reading.trees.paths))
    importing = re.compile(rf"\bfrom[ .]+(?:\w+\.)*{module.rpartition('.')[2]} import\b")
    texts = {path: text for path in own if importing.search(text := scene.text(path))}
    editing = {path: partial(_Changing, module, change, package_of(scene, path)) for path in texts}
    after = {path: edited(text, path, editing[path]) for path, text in texts.items()}
    return {path: text for path, text in after.items() if text is not None}


def package_of(scene: FixScene, path: str) -> tuple[str, ...]:
    """The package that dots of an import mean in a file; empty for a file that is in none."""
    parts = tuple(scene.declarations.module_names.get(path, "").split("."))
    return parts if path.endswith("/__init__.py") else parts[:-1]


def source_of(package: Sequence[str], dots: int, module: str) -> str:
    """The module that an import statement with these ``dots`` names; empty where they lead out of the package."""
    if not dots:
        return module
    kept = package[: len(package) - dots + 1]
    return ".".join((*kept, module)) if kept and len(package) >= dots else ""


class _Changing(cst.CSTTransformer):
    """Writes other imports in place of those from a module."""

    def __init__(self, module: str, change: Change, package: Sequence[str], _at: NodesAt) -> None:
        super().__init__()
        self._module, self._change, self._package = module, change, package

    def leave_SimpleStatementLine(  # noqa: N802  # libcst's name
        self,
        original_node: cst.SimpleStatementLine,  # noqa: ARG002
        updated_node: cst.SimpleStatementLine,
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.SimpleStatementLine]:
        small = updated_node.body[0] if len(updated_node.body) == 1 else None
        if not isinstance(small, cst.ImportFrom) or isinstance(small.names, cst.ImportStar) or small.module is None:
            return updated_node
        written = get_full_name_for_node(small.module) or ""
        if source_of(self._package, len(small.relative), written) != self._module:
            return updated_node
        lines = self._change(small, self._package)
        first = updated_node.with_changes(body=lines[:1])
        return cst.FlattenSentinel([first, *(cst.SimpleStatementLine([line]) for line in lines[1:])])


def _moved(home: Home, statement: cst.ImportFrom, package: Sequence[str]) -> Sequence[cst.ImportFrom]:
    """The names that stay in one import, and those that another module has now in imports behind it."""
    kept, taken = list[cst.ImportAlias](), dict[str, list[cst.ImportAlias]]()
    for alias in aliases(statement):
        now = home(str(alias.name.value))
        (kept if now is None else taken.setdefault(now, [])).append(alias)
    if not taken:
        return [statement]
    lines = [_with_names(statement, kept)] if kept else []
    return [*lines, *(_with_names(_from(statement, package, module), names) for module, names in taken.items())]


def aliases(statement: cst.ImportFrom) -> Sequence[cst.ImportAlias]:
    """What an import names; nothing for all names."""
    return () if isinstance(statement.names, cst.ImportStar) else statement.names


def _from(like: cst.ImportFrom, package: Sequence[str], module: str) -> cst.ImportFrom:
    """The statement with another module: with the dots that it has, where these lead there too."""
    base = source_of(package, len(like.relative), "") if like.relative else ""
    if base and module.startswith(base):
        return like.with_changes(module=cst.parse_expression(module.removeprefix(base)))
    return like.with_changes(module=cst.parse_expression(module), relative=())


def _with_names(like: cst.ImportFrom, names: Sequence[cst.ImportAlias]) -> cst.ImportFrom:
    last = names[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return like.with_changes(names=[*names[:-1], last])
