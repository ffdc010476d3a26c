"""From which folders the target's modules are imported."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from kit.facts.target import Interpreter
from kit.target.notes import Notes
from kit.target.pytest_config import PYTHON_FILES, FoundConfig
from kit.target.tree import Tree

#: imports are looked for in so many test files, and in so many bytes of each
MOST_FILES, MOST_BYTES = 400, 20_000

_IMPORT = re.compile(rb"^[ \t]*(?:from|import)[ \t]+([A-Za-z_]\w*)", re.MULTILINE)


def find_import_roots(
    tree: Tree, config: FoundConfig, interpreter: Interpreter | None, notes: Notes
) -> tuple[str, ...]:
    """Folders relative to the root, in the order in which they are looked into.

    They are what will be on the import path (pytest's ``pythonpath``, the folder that pytest is started in, what the
    interpreter has) and the folders without which imports of the tests would lead nowhere.
    """
    roots: dict[str, str] = {}  # folder to the reason
    for entry in config.facts.pythonpath:
        path = (tree.root / config.facts.rootdir / entry).resolve()
        if path.is_relative_to(tree.root) and path.is_dir():
            roots.setdefault(path.relative_to(tree.root).as_posix(), f"pythonpath in {config.facts.path} names it")
    roots.setdefault(".", "`python -m pytest` is started there")
    for folder in interpreter.paths_in_tree if interpreter else ():
        roots.setdefault(folder, "it is on the interpreter's import path (an editable install or PYTHONPATH)")
    if tree.importable.get("src") and not tree.is_package("src"):
        roots.setdefault("src", "it is a src layout: modules lie in it, and it is no package")
    for folder, names in _needed(tree, roots):
        roots.setdefault(folder, f"tests import {', '.join(sorted(names)[:3])}, and nothing else has that name")
    for folder, why in roots.items():
        notes.because("import root", folder, why)
    return tuple(roots)


def _needed(tree: Tree, roots: dict[str, str]) -> Iterator[tuple[str, set[str]]]:
    """Folders, no packages, that hold what tests import and no root has; the one that explains most comes first."""
    known = set().union(*(tree.importable.get(root, frozenset()) for root in roots), sys.stdlib_module_names)
    missing = _imported_by_tests(tree) - known
    candidates = [folder for folder in tree.modules if folder not in roots and not tree.is_package(folder)]
    while missing:
        explained = {folder: missing & tree.importable[folder] for folder in candidates}
        best = min(explained, key=lambda folder: (-len(explained[folder]), folder.count("/"), folder), default=None)
        if best is None or not explained[best]:
            return
        yield best, explained[best]
        missing -= explained[best]


def _imported_by_tests(tree: Tree) -> set[str]:
    """Top-level names that tests and conftest files import."""
    names: set[str] = set()
    for path in islice(tree.files(("conftest.py", *PYTHON_FILES)), MOST_FILES):
        names.update(name.decode() for name in _IMPORT.findall(_beginning(tree.root / path)))
    return names


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES)
    except OSError:
        return b""
