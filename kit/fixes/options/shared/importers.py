"""Importers of a class that is to come from elsewhere, or to have another name there; each keeps the name it uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst
from libcst.helpers import get_full_name_for_node

from kit.facts.inventory import Importer, MappedClass
from kit.fixes.options.shared.lines import NodesAt, edited
from kit.fixes.scene import FixScene
from kit.fixes.source.texts import NotEditableError


@dataclass(frozen=True)
class MovedClass:
    """A class of a module (``old``, ``name``), and where it is from now on (``new``, ``called``)."""

    old: str
    name: str
    new: str
    called: str

    @classmethod
    def to(cls, duplicate: MappedClass, primary: MappedClass) -> MovedClass:
        """The move from a duplicate to its primary class."""
        return cls(duplicate.module, duplicate.name, primary.module, primary.name)


def importers_of(scene: FixScene, move: MovedClass) -> list[Importer]:
    """The statements that import the class, or its module, by the module's own name."""
    found = [one for one in scene.inventory.importers if one.module == move.old and one.through is None]
    return [one for one in found if one.name in (None, "*", move.name)]


def rewritten(scene: FixScene, move: MovedClass) -> dict[str, str]:
    """The new texts of all importers. Raises :class:`NotEditableError` for one that cannot be rewritten: it imports
    everything, or its module for more than the class.
    """
    lines: dict[str, set[int]] = {}
    for one in importers_of(scene, move):
        if one.name == "*":
            raise NotEditableError(f"{one.path}:{one.line} imports every name of {move.old}")
        lines.setdefault(one.path, set()).add(one.line)
    after: dict[str, str] = {}
    for path, numbers in sorted(lines.items()):
        if (text := _in_file(scene, path, numbers, move)) is not None:
            after[path] = text
    return after


def in_tests(scene: FixScene, move: MovedClass) -> int:
    """How many files of tests import the class."""
    return len({one.path for one in importers_of(scene, move) if one.role == "test"})


def _in_file(scene: FixScene, path: str, lines: set[int], move: MovedClass) -> str | None:
    """The new text; ``None`` for a file that imports the module and goes on as it is."""
    rewriting: list[_Rewriting] = []

    def edit(at: NodesAt) -> cst.CSTTransformer:
        rewriting.append(_Rewriting(at, path, lines, move))
        return rewriting[-1]

    text = edited(scene.text(path), path, edit)
    if missed := lines - rewriting[-1].done:
        raise NotEditableError(f"the import of {move.old} at {path}:{min(missed)} has to be changed by hand")
    return text


class _Rewriting(cst.CSTTransformer):
    """Changes the import statements at some lines, and what uses the module that they bind."""

    def __init__(self, at: NodesAt, path: str, lines: set[int], move: MovedClass) -> None:
        super().__init__()
        self._at, self._path, self._lines, self._move = at, path, lines, move
        self.done: set[int] = set()
        #: how the file names the module: as it was imported, and as it is from now on
        self._modules: dict[str, str] = {}

    def visit_SimpleStatementLine(self, node: cst.SimpleStatementLine) -> None:  # noqa: N802  # libcst's name
        if self._line_of(node) is not None:
            for small in node.body:
                self._modules.update(self._bound_modules(small))

    def leave_SimpleStatementLine(  # noqa: N802  # the same
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.SimpleStatementLine]:
        line = self._line_of(original_node)
        if line is None:
            return updated_node
        body = [new for small in updated_node.body for new in self._changed(small)]
        if body == list(updated_node.body):
            return updated_node
        self.done.add(line)
        first, *others = (small.with_changes(semicolon=cst.MaybeSentinel.DEFAULT) for small in body)
        return cst.FlattenSentinel(
            [updated_node.with_changes(body=[first]), *(cst.SimpleStatementLine([small]) for small in others)]
        )

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:  # noqa: N802
        owner = get_full_name_for_node(original_node.value)
        if owner not in self._modules:
            return updated_node
        name = original_node.attr.value
        if name != self._move.name and self._move.old != self._move.new:
            raise NotEditableError(f"{self._path} uses {owner}.{name} as well, so its import has to be changed by hand")
        if name != self._move.name:
            return updated_node
        value = cst.parse_expression(self._modules[owner])
        return updated_node.with_changes(value=value, attr=cst.Name(self._move.called))

    def _line_of(self, node: cst.SimpleStatementLine) -> int | None:
        return next((line for line in self._lines if self._at.within(node, line)), None)

    def _bound_modules(self, small: cst.BaseSmallStatement) -> Iterator[tuple[str, str]]:
        if not isinstance(small, cst.Import | cst.ImportFrom) or isinstance(small.names, cst.ImportStar):
            return
        for alias in small.names:
            if self._is_module(small, alias):
                bound = _bound(alias)
                yield bound, (bound if alias.asname or isinstance(small, cst.ImportFrom) else self._move.new)

    def _changed(self, small: cst.BaseSmallStatement) -> Iterator[cst.BaseSmallStatement]:
        """The statement without what moves, and one that imports it from its new place."""
        if not isinstance(small, cst.Import | cst.ImportFrom) or isinstance(small.names, cst.ImportStar):
            yield small
            return
        moving = [alias for alias in small.names if self._is_module(small, alias) or self._is_class(small, alias)]
        left = [alias for alias in small.names if alias not in moving]
        if not moving or (self._move.old == self._move.new and self._is_module(small, moving[0])):
            self.done.update(line for line in self._lines if moving)
            yield small
            return
        if left:
            left[-1] = left[-1].with_changes(comma=small.names[-1].comma)
            yield small.with_changes(names=left)
        for alias in moving:
            yield _statement(self._anew(small, alias))

    def _anew(self, small: cst.Import | cst.ImportFrom, alias: cst.ImportAlias) -> str:
        bound, move = _bound(alias), self._move
        if self._is_class(small, alias):
            return f"from {move.new} import {move.called}" + (f" as {bound}" if bound != move.called else "")
        renamed = alias.asname or isinstance(small, cst.ImportFrom)
        return f"import {move.new}" + (f" as {bound}" if renamed else "")

    def _is_class(self, small: cst.Import | cst.ImportFrom, alias: cst.ImportAlias) -> bool:
        """Whether the class is imported: by its name, from a module whose last part is that of the old one."""
        if not isinstance(small, cst.ImportFrom) or get_full_name_for_node(alias.name) != self._move.name:
            return False
        source = get_full_name_for_node(small.module) if small.module else ""
        return not source or f".{self._move.old}".endswith(f".{source}") or not small.relative

    def _is_module(self, small: cst.Import | cst.ImportFrom, alias: cst.ImportAlias) -> bool:
        name = get_full_name_for_node(alias.name) or ""
        if isinstance(small, cst.Import):
            return name == self._move.old
        source = get_full_name_for_node(small.module) if small.module else ""
        return name == self._move.old.rpartition(".")[2] and f".{self._move.old}".endswith(
            f".{source}.{name}" if source else f".{name}"
        )


def _bound(alias: cst.ImportAlias) -> str:
    """The name by which a file uses what an alias imports; of ``import a.b`` the whole."""
    if alias.asname and isinstance(alias.asname.name, cst.Name):
        return alias.asname.name.value
    return get_full_name_for_node(alias.name) or ""


def _statement(text: str) -> cst.BaseSmallStatement:
    line = cst.parse_statement(text)
    assert isinstance(line, cst.SimpleStatementLine)
    return line.body[0]
