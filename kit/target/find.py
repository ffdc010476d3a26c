"""Finding out what is investigated."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from kit.facts.errors import TargetError
from kit.facts.spelling import texts
from kit.facts.target import DEMO, Target
from kit.masking import learn_target, mask
from kit.platform.temporary import keep_temporary_files_out_of
from kit.target.ci_config import warn_of_other_config
from kit.target.import_roots import find_import_roots
from kit.target.interpreters import find_interpreter
from kit.target.name import find_name
from kit.target.notes import Notes
from kit.target.origin import find_source_url
from kit.target.pytest_config import read_config
from kit.target.revision import find_revision
from kit.target.root import find_root
from kit.target.test_paths import find_tests
from kit.target.tree import Tree


def find_target(
    path: str | Path = ".",
    *,
    python: str = "",
    tests: Sequence[str] = (),
    app: Sequence[str] = (),
    needs_source: bool = True,
) -> Target:
    """The target at ``path`` with a reason for each choice.

    ``path`` is a folder, a Python file in a project, or :data:`~kit.facts.target.DEMO`. ``python``, ``tests`` and
    ``app`` (import roots) are found when they are not given. A target without tests or without pytest gets a warning:
    its source can still be read. With ``needs_source=False`` so does a folder without any Python file. Raises
    :class:`UsageError` when something that was given does not exist, :class:`TargetError` when there is no Python.
    """
    notes = Notes()
    root = _root_of(path, notes)
    learn_target(root)
    tree = _tree_of(root, notes, needs_source=needs_source)
    test_paths = tree.named(texts(tests), "--tests")
    import_roots = tree.named(texts(app), "--app")
    interpreter = find_interpreter(root, python, is_demo=str(path) == DEMO, notes=notes)
    config = read_config(root, test_paths, interpreter.packages.get("pytest"), notes)
    warn_of_other_config(root, config.facts.path, interpreter.packages.get("pytest"), notes)
    for named, what in ((test_paths, "tests"), (import_roots, "import root")):
        if named:
            notes.because(what, ", ".join(named), f"{'--tests' if what == 'tests' else '--app'} names it")
    _note_options(notes)
    test_paths = test_paths or find_tests(tree, config, notes)
    import_roots = import_roots or find_import_roots(tree, config, interpreter, notes)
    revision, dirty = find_revision(root, notes)
    return Target(
        root=str(root),
        name=find_name(root),
        interpreter=interpreter,
        import_roots=import_roots,
        test_paths=test_paths,
        tests_named=bool(tests),
        config=config.facts,
        reasons=tuple(notes.reasons),
        warnings=tuple(notes.warnings),
        revision=revision,
        dirty=dirty,
        source_url=find_source_url(root, revision) if revision and dirty is False else None,
    )


def _root_of(path: str | Path, notes: Notes) -> Path:
    root = find_root(path, notes)
    if not keep_temporary_files_out_of(root):
        raise TargetError(f"Temporary files would be written into {root}: set TMPDIR to a folder outside of it.")
    return root


def _note_options(notes: Notes) -> None:
    if options := os.environ.get("PYTEST_ADDOPTS"):
        notes.because("pytest options", mask(options), "PYTEST_ADDOPTS sets them for every run of pytest")


def _tree_of(root: Path, notes: Notes, *, needs_source: bool) -> Tree:
    """The tree, with a warning, or a :class:`TargetError`, where it holds no Python file or is too large to search."""
    tree = Tree.of(root)
    if not tree.has_python and not needs_source:
        notes.warn(f"{root} holds no Python file that can be read: the results are reported without the source.")
    elif not tree.has_python:
        raise TargetError(
            f"{root} holds no Python file that can be read; give the folder of a Python project, or {DEMO} for the "
            "demo that comes with kit."
        )
    if not tree.complete:
        notes.warn(f"{root} has too many folders to search them all; say with --tests where the tests are.")
    return tree
