"""Import a name of a library from the module that has it now.

https://docs.python.org/3/reference/simple_stmts.html#the-import-statement
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.fixes.options.shared.moved_imports import moved_imports
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.texts import NotEditableError

CAUSES = frozenset({"module-not-importable", "missing-package"})
KIND = "moved-library-name"
_URL = "https://docs.python.org/3/reference/simple_stmts.html#the-import-statement"
_GONE = re.compile(r"cannot import name '(?P<name>\w+)' from '(?P<module>\w+(?:\.\w+)+)' \((?P<file>[^)]+\.py)\)")
#: at most this many files of a library are read, and none that is larger
_FILES, _BYTES = 2000, 2_000_000


@dataclass(frozen=True)
class _Lost:
    """A ``module`` of the library in the folder ``package`` that lacks a name, or is not there (no ``name``); ``text``
    is what the module is now.
    """

    package: Path
    module: str
    name: str = ""
    text: str = ""


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option, where another module of the same library has the name: one that encloses the old one, else the only
    one that defines it. Every name that the old module has lost is moved, wherever the target imports it; all of its
    names where the module itself is gone.
    """
    lost = _lost_name(cause, scene) or _lost_module(cause, scene)
    if lost is None:
        return
    moves = _Moves(lost.package, lost.module, lost.text)
    try:
        changed = moved_imports(scene, cause.locations, lost.module, moves.__getitem__)
    except NotEditableError as error:
        yield without_patch(cause, KIND, f"Import what {lost.module} had from where it is now", error)
        return
    at = {place.path for place in cause.locations}
    is_left = any(f"from {lost.module} import" in text for path, text in changed.items() if path in at)
    if changed.keys() & at and (lost.name or not is_left):
        yield option_of(cause, scene, _proposal(cause, lost, moves, changed))


def _proposal(cause: Cause, lost: _Lost, moves: _Moves, changed: Mapping[str, str | None]) -> Proposal:
    names = [lost.name] if lost.name else sorted(name for name, now in moves.known.items() if now)
    now = " and ".join(sorted({moves[name] or "" for name in names}))
    title = f"Import {', '.join(names)} from {now} ({cause.locations[0]})"
    has = "does not have it any more" if lost.name else "is gone"
    why = f"{lost.module} {has}, and {now} of the installed release has {'it' if len(names) == 1 else 'them'}"
    return Proposal(KIND, title, why, changed, documentation=_URL)


def _lost_name(cause: Cause, scene: FixScene) -> _Lost | None:
    """The name that a module has no more, where another one has it."""
    told = _GONE.search(cause.title)
    file = _installed(scene, told["file"]) if told else None
    package = _package(scene, told["module"], file) if told and file else None
    if told is None or file is None or package is None or _home(package, told["module"], told["name"]) is None:
        return None
    return _Lost(package, told["module"], told["name"], file.read_text(errors="replace"))


def _installed(scene: FixScene, path: str) -> Path | None:
    """The file of a library. The path is cut where the environment lies in the target's tree."""
    below = path.rpartition("site-packages/")[2]
    places = [Path(path), *(folder / below for folder in scene.libraries)]
    return next((place for place in places if place.is_absolute() and place.is_file()), None)


def _lost_module(cause: Cause, scene: FixScene) -> _Lost | None:
    """The module that an installed library lacks."""
    module = cause.id.partition(":")[2] if cause.kind == "missing-package" else ""
    top, _, rest = module.partition(".")
    package = next((folder / top for folder in scene.libraries if rest and (folder / top).is_dir()), None)
    return _Lost(package, module) if package else None


@dataclass(frozen=True)
class _Moves:
    """Where names are now that a module of a library had; ``text`` is what the module is now."""

    package: Path
    module: str
    text: str
    known: dict[str, str | None] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str | None:
        """The module that has the name; ``None`` where it is unknown, or still the old one."""
        if name not in self.known:
            stays = bool(self.text) and re.search(rf"\b{name}\b", self.text) is not None
            self.known[name] = None if stays else _home(self.package, self.module, name)
        return self.known[name]


def _package(scene: FixScene, module: str, file: Path) -> Path | None:
    """The folder of the library's top-level package; ``None`` for the target's own code."""
    depth = module.count(".")
    folder = file.parents[depth if file.name == "__init__.py" else depth - 1]
    if not folder.is_dir() or folder.name != module.partition(".")[0] or folder.is_relative_to(scene.root):
        return None
    return folder if "site-packages" in folder.parts else None


def _home(package: Path, module: str, name: str) -> str | None:
    """The public module that has the name."""
    defined = _defining(package, name)
    parts = module.split(".")
    for length in range(len(parts) - 1, 0, -1):
        enclosing = ".".join(parts[:length])
        init = package.parent.joinpath(*parts[:length], "__init__.py")
        if init.is_file() and _exports(init.read_text(encoding="utf-8", errors="replace"), enclosing, name, defined):
            return enclosing
    public = [one for one in defined if not any(part.startswith("_") for part in one.split("."))]
    return public[0] if len(public) == 1 else None


def _defining(package: Path, name: str) -> list[str]:
    """The modules that define the name at their top level."""
    pattern = re.compile(rf"^(?:(?:async +)?def|class) +{name}\b|^{name} *(?::[^=\n]+)?=(?!=)", re.MULTILINE)
    found = []
    for file in islice(sorted(package.rglob("*.py")), _FILES):
        if file.stat().st_size <= _BYTES and pattern.search(file.read_text(encoding="utf-8", errors="replace")):
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
