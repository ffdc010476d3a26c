"""From which folders the target's modules are imported."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path

from kit.facts.target import Interpreter
from kit.target.ci_paths import ci_import_paths
from kit.target.interpreters import importable_names
from kit.target.notes import Notes
from kit.target.pth_files import pth_file_naming
from kit.target.pytest_config import PYTHON_FILES, FoundConfig
from kit.target.syspath import path_edits
from kit.target.tree import Tree, joined

#: at most this many test files are searched for imports, and at most this many bytes of each
MOST_FILES, MOST_BYTES = 400, 20_000

_IMPORT = re.compile(rb"^[ \t]*(?:from|import)[ \t]+([A-Za-z_][\w.]*)", re.MULTILINE)
_EDITS_PATH = re.compile(rb"\bsys\.path\b|\baddsitedir\b")


def find_import_roots(
    tree: Tree, config: FoundConfig, interpreter: Interpreter | None, notes: Notes
) -> tuple[str, ...]:
    """Folders relative to the root, in the order in which they are searched.

    They are the import path of the tests: pytest's ``pythonpath``, the folder that pytest is started in, the path of
    the interpreter, the folders that tests and CI add, and the folders that the imports of the tests need besides.
    """
    roots: dict[str, str] = {}  # folder to the reason
    for entry in config.facts.pythonpath:
        path = (tree.root / config.facts.rootdir / entry).resolve()
        if path.is_relative_to(tree.root) and path.is_dir():
            roots.setdefault(path.relative_to(tree.root).as_posix(), f"pythonpath in {config.facts.path} names it")
    roots.setdefault(".", "`python -m pytest` is started there")
    for folder in interpreter.paths_in_tree if interpreter else ():
        roots.setdefault(folder, _why_on_path(tree, folder, interpreter))
    tests = _Tests(tree)
    if (
        "src" in tree.modules
        and not tree.is_package("src")
        and (tree.importable["src"] or tests.name_modules_in("src"))
    ):
        roots.setdefault("src", "it is a src layout: it holds modules and is not a package")
    for folder, why in tests.added_folders():
        roots.setdefault(folder, why)
    for folder, place in ci_import_paths(tree.root):
        roots.setdefault(folder, f"PYTHONPATH in {place} names it")
    for folder, names in _needed(tree, roots, tests, interpreter):
        roots.setdefault(folder, f"tests import {', '.join(sorted(names)[:3])}, and nothing else has that name")
    for folder, why in roots.items():
        notes.because("import root", folder, why)
    return tuple(roots)


def _why_on_path(tree: Tree, folder: str, interpreter: Interpreter | None) -> str:
    """Why the path of the interpreter has a folder."""
    file = pth_file_naming(tree.root / folder, interpreter.executable) if interpreter else None
    if file:
        return f"the file {file.name} in the packages of the interpreter names it (an editable install)"
    return "it is on the interpreter's import path (an editable install or PYTHONPATH)"


class _Tests:
    """What the tests and conftest files import, and the folders that they add to the import path."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self.modules: set[str] = set()
        self._editing: list[str] = []
        for path in islice(tree.files(("conftest.py", *PYTHON_FILES)), MOST_FILES):
            text = _beginning(tree.root / path)
            self.modules.update(name.decode() for name in _IMPORT.findall(text))
            self._editing += [path] if _EDITS_PATH.search(text) else []

    @property
    def tops(self) -> set[str]:
        """The first parts of the modules' names."""
        return {name.partition(".")[0] for name in self.modules}

    def name_modules_in(self, folder: str) -> bool:
        """Whether they import a module below a folder by its path there, through folders without ``__init__.py``."""
        paths = (joined(folder, name.replace(".", "/")) for name in self.modules)
        return any(path in self._tree.modules or self._is_file(f"{path}.py") for path in paths)

    def added_folders(self) -> Iterator[tuple[str, str]]:
        for path in self._editing:
            for edit in path_edits(self._tree.root, path):
                yield edit.folder, f"{path}:{edit.line} puts it on sys.path"

    def _is_file(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        return name in self._tree.modules.get(folder or ".", ())


def _needed(
    tree: Tree, roots: Collection[str], tests: _Tests, interpreter: Interpreter | None
) -> Iterator[tuple[str, set[str]]]:
    """Folders outside of packages with modules that tests import, and that neither a root nor the interpreter has. The
    folder with most of them comes first.
    """
    known = set().union(*(tree.importable.get(root, frozenset()) for root in roots), sys.stdlib_module_names)
    candidates = [folder for folder in tree.modules if folder not in roots and not _is_in_package(tree, folder)]
    missing = tests.tops - known
    missing &= set().union(*(tree.importable[folder] for folder in candidates))
    if missing and interpreter:
        missing -= importable_names(tree.root, interpreter.executable, missing)
    while missing:
        explained = {folder: missing & tree.importable[folder] for folder in candidates}
        best = min(explained, key=lambda folder: (-len(explained[folder]), folder.count("/"), folder), default=None)
        if best is None or not explained[best]:
            return
        yield best, explained[best]
        missing -= explained[best]


def _is_in_package(tree: Tree, folder: str) -> bool:
    """Whether the folder, or one above it, is a regular package: its modules are imported by the package's name."""
    parts = folder.split("/")
    return any(tree.is_package("/".join(parts[:length])) for length in range(1, len(parts) + 1))


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES)
    except OSError:
        return b""
