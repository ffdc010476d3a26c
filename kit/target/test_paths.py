"""Where the target keeps its tests."""

from __future__ import annotations

import os
from collections.abc import Iterable
from glob import iglob
from pathlib import Path, PurePosixPath

from kit.target.notes import Notes
from kit.target.pytest_config import FoundConfig
from kit.target.tree import Tree

#: names of folders that hold nothing but tests, so that the folders in them are not listed one by one
_TEST_FOLDERS = frozenset({"test", "tests", "testing"})


def find_tests(tree: Tree, config: FoundConfig, notes: Notes) -> tuple[str, ...]:
    """The paths to give to pytest; empty, with a warning, when nothing looks like a test."""
    return _configured(tree, config, notes) or _searched(tree, config, notes)


def _configured(tree: Tree, config: FoundConfig, notes: Notes) -> tuple[str, ...]:
    patterns = config.facts.testpaths
    rootdir = tree.root / config.facts.rootdir
    found = {
        Path(os.path.normpath(rootdir / name))
        for pattern in patterns
        for name in iglob(pattern, root_dir=rootdir, recursive=True)  # noqa: PTH207 - it is what pytest does
    }
    paths = tuple(sorted(path.relative_to(tree.root).as_posix() for path in found if path.is_relative_to(tree.root)))
    if paths:
        notes.because("tests", ", ".join(paths), f"testpaths in {config.facts.path} says so")
    elif patterns:
        missing = " ".join(patterns)
        notes.warn(f"testpaths in {config.facts.path} names nothing in the target ({missing}); tests are searched for.")
    return paths


def _searched(tree: Tree, config: FoundConfig, notes: Notes) -> tuple[str, ...]:
    patterns = " or ".join(config.python_files)
    folders = _topmost(map(_test_folder, tree.files(config.python_files)))
    if folders:
        notes.because("tests", ", ".join(folders), f"files with names like {patterns} lie there")
    else:
        notes.warn(
            f"No tests were found in {tree.root}: no file has a name like {patterns}; say with --tests where they are."
        )
    return folders


def _test_folder(path: str) -> str:
    """The folder of a test file, or the highest one above it whose name says that it holds tests."""
    folders = path.split("/")[:-1]
    above = next((index for index, name in enumerate(folders) if name in _TEST_FOLDERS), len(folders))
    return "/".join(folders[: above + 1]) or "."


def _topmost(folders: Iterable[str]) -> tuple[str, ...]:
    """Each folder once, in order, without those inside another one."""
    found = {PurePosixPath(folder) for folder in folders}
    return tuple(sorted(str(folder) for folder in found if not found.intersection(folder.parents)))
