"""Import a file under one name everywhere: the one that most of its importers use.

https://docs.pytest.org/en/stable/explanation/pythonpath.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst
from libcst.helpers import get_full_name_for_node

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.inventory import Finding
from kit.facts.places import Location
from kit.facts.wording import counted
from kit.fixes.options.shared.lines import NodesAt, edited
from kit.fixes.options.shared.path_lines import without_root
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.texts import NotEditableError

CAUSES = frozenset({"double-import"})
KIND = "one-import-root"
_URL = "https://docs.pytest.org/en/stable/explanation/pythonpath.html"


@dataclass(frozen=True)
class _Use:
    """A statement that imports a file by one of its names."""

    name: str
    path: str
    line: int


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option for each folder that may stay the import root, the one with the most importers first."""
    for finding in scene.findings(cause, "double-import"):
        names, uses = _names(finding), _uses(finding)
        by_root = {root: [use for use in uses if use.name in by_file.values()] for root, by_file in names.items()}
        if sum(bool(found) for found in by_root.values()) < 2:
            continue  # no statement spells the other name
        ordered = sorted(by_root, key=lambda root: (-len(by_root[root]), root))
        for number, kept in enumerate(ordered, start=1):
            others = [use for root, found in by_root.items() if root != kept for use in found]
            way = _Way(kept, names, others, finding.locations)
            yield from _option(cause, scene, KIND if number == 1 else f"{KIND}-{number}", way)


@dataclass(frozen=True)
class _Way:
    """The root that stays, the names of each file by root and path, the statements that use another name, and the
    places of the finding, lines that edit ``sys.path`` among them.
    """

    kept: str
    names: dict[str, dict[str, str]]
    others: list[_Use]
    places: tuple[Location, ...]

    @property
    def renamed(self) -> dict[str, str]:
        """Each other name, and the one that stays."""
        stays = self.names[self.kept]
        others = [by_file for root, by_file in self.names.items() if root != self.kept]
        return {name: stays[path] for by_file in others for path, name in by_file.items()}


def _option(cause: Cause, scene: FixScene, kind: str, way: _Way) -> Iterator[FixOption]:
    old = way.others[0].name
    where = "the root folder" if way.kept == "." else way.kept
    title = f"Import from {where} everywhere: {way.renamed[old]}, not {old}"
    lines: dict[str, set[int]] = {}
    for use in way.others:
        lines.setdefault(use.path, set()).add(use.line)
    try:
        after: dict[str, str | None] = {
            path: _in_file(scene, path, numbers, way.renamed) for path, numbers in sorted(lines.items())
        }
        found = [without_root(scene, root, way.places, after) for root in way.names if root != way.kept]
    except NotEditableError as error:
        yield without_patch(cause, kind, title, error)
        return
    for one in found:
        after |= one.after
    why = f"Each file is executed once then; {counted(len(way.others), 'import')} used the other name"
    why = "; ".join([why, *(sentence for one in found for sentence in one.stay)])
    on_tests = any(scene.is_test(path) for path in lines)
    yield option_of(cause, scene, Proposal(kind, title, why, after, on_tests=on_tests, documentation=_URL))


def _uses(finding: Finding) -> list[_Use]:
    """The statements that import a file by one of its names."""
    told = finding.details.get("uses")
    found = [one.partition(" ") for one in told] if isinstance(told, list) else []
    return [_Use(name, *_path_and_line(place)) for name, _, place in found]


def _path_and_line(place: str) -> tuple[str, int]:
    path, _, line = place.rpartition(":")
    return path, int(line)


def _names(finding: Finding) -> dict[str, dict[str, str]]:
    """By root: the module name of each file, by the file's path."""
    roots, files = finding.details.get("roots"), finding.details.get("files")
    if not isinstance(roots, list) or not isinstance(files, list):
        return {}
    return {root: {path: _module(path, root) for path in files} for root in roots}


def _module(path: str, root: str) -> str:
    inside = path if root == "." else path.removeprefix(f"{root}/")
    return inside.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _in_file(scene: FixScene, path: str, lines: set[int], renamed: dict[str, str]) -> str:
    left = set(lines)
    text = edited(scene.text(path), path, lambda at: _Renaming(at, left, renamed))
    if text is None or left:
        raise NotEditableError(f"the import at {path}:{min(left or lines)} has to be changed by hand")
    return text


class _Renaming(cst.CSTTransformer):
    """Module names in the import statements at some lines, replaced by others; what they bind keeps its name. Lines
    that were changed are taken out of ``left``.
    """

    def __init__(self, at: NodesAt, left: set[int], renamed: dict[str, str]) -> None:
        super().__init__()
        self._at, self._left, self._renamed = at, left, renamed

    def leave_ImportFrom(self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom) -> cst.ImportFrom:  # noqa: N802
        new = self._new_source(original_node) if self._is_here(original_node) else None
        if new is None:
            return updated_node
        self._is_done(original_node)
        return updated_node.with_changes(module=_dotted(new))

    def leave_Import(self, original_node: cst.Import, updated_node: cst.Import) -> cst.Import:  # noqa: N802
        names = [self._alias(alias) for alias in updated_node.names]
        if not self._is_here(original_node) or names == list(updated_node.names):
            return updated_node
        self._is_done(original_node)
        return updated_node.with_changes(names=names)

    def _new_source(self, node: cst.ImportFrom) -> str | None:
        """The module to import from instead; ``None`` where no module can take its place."""
        source = get_full_name_for_node(node.module) if node.module and not node.relative else None
        if source is None or source in self._renamed:
            return self._renamed.get(source or "")
        modules = [] if isinstance(node.names, cst.ImportStar) else node.names
        new = {self._renamed.get(f"{source}.{get_full_name_for_node(one.name)}", "") for one in modules}
        folders = {name.rpartition(".")[0] for name in new}
        return folders.pop() or None if len(folders) == 1 else None

    def _alias(self, alias: cst.ImportAlias) -> cst.ImportAlias:
        name = get_full_name_for_node(alias.name) or ""
        new = self._renamed.get(name)
        if new is None or (alias.asname is None and "." in name):  # what uses a.b.c would have to change as well
            return alias
        return alias.with_changes(name=_dotted(new), asname=alias.asname or cst.AsName(cst.Name(name)))

    def _is_here(self, node: cst.CSTNode) -> bool:
        return any(self._at.within(node, line) for line in self._left)

    def _is_done(self, node: cst.CSTNode) -> None:
        self._left.difference_update([line for line in self._left if self._at.within(node, line)])


def _dotted(name: str) -> cst.Attribute | cst.Name:
    found = cst.parse_expression(name)
    assert isinstance(found, cst.Attribute | cst.Name)
    return found
