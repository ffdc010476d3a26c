"""Import a name of a library from the module that has it now.

https://docs.python.org/3/reference/simple_stmts.html#the-import-statement
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import libcst as cst
from libcst.helpers import get_full_name_for_node

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.places import Location
from kit.fixes.options.shared.lines import NodesAt, edited
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.tree import NotEditableError

CAUSES = frozenset({"module-not-importable"})
KIND = "moved-library-name"
_URL = "https://docs.python.org/3/reference/simple_stmts.html#the-import-statement"
_GONE = re.compile(r"cannot import name '(?P<name>\w+)' from '(?P<module>\w+(?:\.\w+)+)' \((?P<file>/[^)]+\.py)\)")
#: at most this many files of a library are read, and none that is larger
_FILES, _BYTES = 2000, 2_000_000


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option, where another module of the same library has the name: one that encloses the old one, else the only
    one that defines it.
    """
    told = _GONE.search(cause.title)
    package = _package(scene, told) if told else None
    if told is None or package is None:
        return
    name, module = told["name"], told["module"]
    now = _home(package, module, name)
    for place in cause.locations if now is not None else ():
        title = f"Import {name} from {now} ({place})"
        try:
            after = _moved(scene, place, told, now)
        except NotEditableError as error:
            yield without_patch(cause, KIND, title, error)
            return
        if after is not None:
            why = f"{module} does not have it any more, and {now} of the installed release has it"
            yield option_of(cause, scene, Proposal(KIND, title, why, {place.path: after}, documentation=_URL))
            return


def _moved(scene: FixScene, place: Location, told: re.Match[str], now: str | None) -> str | None:
    """The file's text with the name imported from there; ``None`` where no such import stands at the place."""

    def edit(at: NodesAt) -> cst.CSTTransformer:
        return _Moved(at, place.line, told["module"], told["name"], now)

    return edited(scene.text(place.path), place.path, edit)


def _package(scene: FixScene, told: re.Match[str]) -> Path | None:
    """The folder of the library's top-level package; ``None`` for the target's own code."""
    file, depth = Path(told["file"]), told["module"].count(".")
    folder = file.parents[depth if file.name == "__init__.py" else depth - 1]
    if not folder.is_dir() or folder.name != told["module"].partition(".")[0] or folder.is_relative_to(scene.root):
        return None
    return folder if "site-packages" in folder.parts else None


def _home(package: Path, module: str, name: str) -> str | None:
    """The public module that has the name."""
    defined = _defining(package, name)
    parts = module.split(".")
    for length in range(len(parts) - 1, 0, -1):
        enclosing = ".".join(parts[:length])
        init = package.parent.joinpath(*parts[:length], "__init__.py")
        if init.is_file() and _exports(init.read_text(errors="replace"), enclosing, name, defined):
            return enclosing
    public = [one for one in defined if not any(part.startswith("_") for part in one.split("."))]
    return public[0] if len(public) == 1 else None


def _defining(package: Path, name: str) -> list[str]:
    """The modules that define the name at their top level."""
    pattern = re.compile(rf"^(?:(?:async +)?def|class) +{name}\b|^{name} *(?::[^=\n]+)?=(?!=)", re.MULTILINE)
    found = []
    for file in islice(sorted(package.rglob("*.py")), _FILES):
        if file.stat().st_size <= _BYTES and pattern.search(file.read_text(errors="replace")):
            parts = file.relative_to(package.parent).with_suffix("").parts
            found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return found


def _exports(text: str, package: str, name: str, defined: Sequence[str]) -> bool:
    """Whether a package's own file imports the name, or everything of a module that defines it."""
    if re.search(rf"^from [^\n]* import (?:\([^)]*|[^\n]*)\b{name}\b", text, re.MULTILINE):
        return True
    below = [re.escape(one.removeprefix(f"{package}.")) for one in defined if one.startswith(f"{package}.")]
    starred = "|".join([*(rf"\.{one}" for one in below), *map(re.escape, defined)])
    return bool(starred) and re.search(rf"^from (?:{starred}) import \*", text, re.MULTILINE) is not None


class _Moved(cst.CSTTransformer):
    """Takes a name out of the import statement at a line, and imports it from another module in a line below."""

    def __init__(self, at: NodesAt, line: int, module: str, name: str, now: str | None) -> None:
        super().__init__()
        self._at, self._line, self._module, self._name, self._now = at, line, module, name, now

    def leave_SimpleStatementLine(  # noqa: N802  # libcst's name
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.SimpleStatementLine]:
        small = updated_node.body[0] if len(updated_node.body) == 1 else None
        if not isinstance(small, cst.ImportFrom) or not self._at.within(original_node, self._line):
            return updated_node
        if small.relative or get_full_name_for_node(small.module or "") != self._module or self._now is None:
            return updated_node
        aliases = [] if isinstance(small.names, cst.ImportStar) else list(small.names)
        mine = [one for one in aliases if one.name.value == self._name]
        left = [one for one in aliases if one.name.value != self._name]
        module = cst.parse_expression(self._now)
        if not mine or not isinstance(module, cst.Attribute | cst.Name):
            return updated_node
        if not left:
            return updated_node.with_changes(body=[small.with_changes(module=module)])
        left[-1] = left[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        taken = cst.ImportFrom(module=module, names=[mine[0].with_changes(comma=cst.MaybeSentinel.DEFAULT)])
        kept = updated_node.with_changes(body=[small.with_changes(names=left)])
        return cst.FlattenSentinel([kept, cst.SimpleStatementLine([taken])])
