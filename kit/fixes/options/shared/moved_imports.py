"""Imports of names that another module has now.

https://docs.python.org/3/reference/simple_stmts.html#the-import-statement
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import libcst as cst
from libcst.helpers import get_full_name_for_node

from kit.facts.places import Location
from kit.fixes.options.shared.lines import edited
from kit.fixes.scene import FixScene

#: gets a name, and returns the module that has it now; ``None`` where it is to stay
Home = Callable[[str], str | None]


def moved_imports(scene: FixScene, places: Sequence[Location], module: str, home: Home) -> dict[str, str]:
    """The new texts of all files of the target, and those at ``places``, that import such names from ``module``.

    Raises :class:`~kit.fixes.source.tree.NotEditableError`.
    """
    own = dict.fromkeys((*(place.path for place in places), *scene.declarations.reading.trees.paths))
    texts = {path: scene.text(path) for path in own}
    importing = {path: text for path, text in texts.items() if f"from {module} import" in text}
    after = {path: edited(text, path, lambda _: _Moved(module, home)) for path, text in importing.items()}
    return {path: text for path, text in after.items() if text is not None}


class _Moved(cst.CSTTransformer):
    """Takes names out of import statements, and imports them from other modules in lines below."""

    def __init__(self, module: str, home: Home) -> None:
        super().__init__()
        self._module, self._home = module, home

    def leave_SimpleStatementLine(  # noqa: N802  # libcst's name
        self,
        original_node: cst.SimpleStatementLine,  # noqa: ARG002
        updated_node: cst.SimpleStatementLine,
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.SimpleStatementLine]:
        small = updated_node.body[0] if len(updated_node.body) == 1 else None
        if not isinstance(small, cst.ImportFrom) or small.relative or isinstance(small.names, cst.ImportStar):
            return updated_node
        if get_full_name_for_node(small.module or "") != self._module:
            return updated_node
        kept, taken = list[cst.ImportAlias](), dict[str, list[cst.ImportAlias]]()
        for alias in small.names:
            now = self._home(str(alias.name.value))
            (kept if now is None else taken.setdefault(now, [])).append(alias)
        lines = [_import(small, self._module, kept)] if kept else []
        lines += [_import(small, module, names) for module, names in taken.items()]
        if not taken:
            return updated_node
        first = updated_node.with_changes(body=lines[:1])
        return cst.FlattenSentinel([first, *(cst.SimpleStatementLine([line]) for line in lines[1:])])


def _import(like: cst.ImportFrom, module: str, names: Sequence[cst.ImportAlias]) -> cst.ImportFrom:
    last = names[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return like.with_changes(module=cst.parse_expression(module), names=[*names[:-1], last])
