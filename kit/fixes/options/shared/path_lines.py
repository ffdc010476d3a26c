"""The lines that put a folder on ``sys.path``, taken out where nothing needs them any more.

https://docs.python.org/3/library/sys.html#sys.path
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import libcst as cst

from kit.facts.places import Location
from kit.fixes.options.shared.lines import NodesAt, edited
from kit.fixes.scene import FixScene
from kit.fixes.source.imports import clean
from kit.target import path_edits

_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+(?P<source>\w+)|import[ \t]+(?P<names>[\w., \t]+))", re.MULTILINE)
_STRING = re.compile(r"""["'](?P<name>\w+)[.:]\w""")
#: of a setting over several lines
_SETTING_LINES = 5
_PASSED_OVER = frozenset({"site-packages", "node_modules", "__pycache__"})


@dataclass
class PathLines:
    """``after`` are the files without the lines; ``stay`` says of each line that stays why it does."""

    after: dict[str, str] = field(default_factory=dict)
    stay: list[str] = field(default_factory=list)


def without_root(
    scene: FixScene, folder: str, places: Sequence[Location], after: Mapping[str, str | None]
) -> PathLines:
    """What becomes of the lines at ``places`` that put ``folder`` on the import path, given the changes of ``after``.

    A line stays where something may still be imported through the folder, and where it cannot be taken out alone.
    Raises :class:`~kit.fixes.source.tree.NotEditableError`.
    """
    found = PathLines(stay=[*_configured(scene, folder, places)])
    here = [place for place in dict.fromkeys(places) if _adds(scene.root, place) == [folder]]
    user = _user(scene, folder, after) if here else None
    for place in sorted(here, key=lambda one: -one.line):  # the lines above keep their numbers
        text = found.after.get(place.path) or after.get(place.path) or scene.text(place.path)
        taken_out = None if user else edited(text, place.path, partial(_Without, place.line), _clean_up)
        if taken_out is None:
            why = f"{user} may need it" if user else "it is not a statement of its own at the top of the file"
            found.stay.append(f"{place.path}:{place.line} still adds {folder} to sys.path: {why}")
        else:
            found.after[place.path] = taken_out
    return found


def _clean_up(before: cst.Module, after: cst.Module) -> cst.Module:
    """Without the imports that the change leaves unused."""
    return clean(after, before)


def _configured(scene: FixScene, folder: str, places: Sequence[Location]) -> Iterator[str]:
    """The settings of pytest that name the folder: they are left to the reader."""
    named = re.compile(rf"(?<![\w./-]){re.escape(folder)}/?(?![\w./-])")
    for place in dict.fromkeys(places):
        lines = scene.text(place.path).splitlines()[place.line - 1 :] if place.role == "configuration" else []
        if named.search("\n".join(lines[:_SETTING_LINES])):
            yield f"{place.path}:{place.line} still names {folder} in pythonpath: take it out there"


def _adds(root: Path, place: Location) -> list[str]:
    return [edit.folder for edit in path_edits(root, place.path) if edit.line == place.line]


def _user(scene: FixScene, folder: str, after: Mapping[str, str | None]) -> str | None:
    """The first file that imports, or names in a string, what lies directly in the folder; ``None`` without any."""
    inside = {path.stem for path in (scene.root / folder).glob("*.py")}
    inside |= {path.parent.name for path in (scene.root / folder).glob("*/*.py")}
    inside -= {"__init__", "conftest"}
    for path in _source_files(scene.root):
        text = after[path] if path in after else (scene.root / path).read_text(encoding="utf-8", errors="replace")
        if text and inside.intersection(_named(text)):
            return path
    return None


def _source_files(root: Path) -> Iterator[str]:
    for path in sorted(root.rglob("*.py")):
        relative = path.relative_to(root)
        if not any(part.startswith(".") or part in _PASSED_OVER for part in relative.parts):
            yield relative.as_posix()


def _named(text: str) -> Iterator[str]:
    """The first part of each module name that the text imports or has in a string."""
    for found in _IMPORT.finditer(text):
        if found["source"]:
            yield found["source"]
        else:
            yield from (name.strip().partition(".")[0].partition(" ")[0] for name in found["names"].split(","))
    yield from (found["name"] for found in _STRING.finditer(text))


class _Without(cst.CSTTransformer):
    """Takes out the statement at the top of a module that begins at a line, its comments with it."""

    def __init__(self, line: int, at: NodesAt) -> None:
        super().__init__()
        self._at, self._line = at, line

    def leave_Module(self, original_node: cst.Module, updated_node: cst.Module) -> cst.Module:  # noqa: N802
        pairs = zip(original_node.body, updated_node.body, strict=True)
        return updated_node.with_changes(body=[new for old, new in pairs if not self._is_it(old)])

    def _is_it(self, node: cst.BaseStatement | cst.SimpleStatementLine) -> bool:
        return isinstance(node, cst.SimpleStatementLine) and len(node.body) == 1 and self._at.begins(node, self._line)
