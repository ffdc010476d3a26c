"""Finds the test files that a change concerns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from fnmatch import fnmatch
from pathlib import PurePosixPath

from kit.target import TreeChanges

#: maps paths of source files to the files that import each, directly or indirectly
ImportersOf = Callable[[Collection[str]], Mapping[str, Collection[str]]]

#: pytest's default names of test files, for new files that no run has collected yet
_PATTERNS = ("test_*.py", "*_test.py")

#: files that concern no test, unless it is recorded that one has read them
_PROSE = frozenset({".md", ".rst"})


def affected_files(changes: TreeChanges, tests: Collection[str], importers: ImportersOf | None) -> tuple[str, ...]:
    """The test files to run again, sorted; all paths are relative to the target's root.

    ``tests`` are the known test files. Affected are those that have changed or import what has changed, all below a
    conftest for which this is true, and new ones. If this cannot be found out (there are no ``importers``, or the
    changed file is data or is imported by nothing), all known test files are affected.
    """
    importing = importers(changes.paths) if importers else {}
    found = {test for path in changes.paths for test in _concerned(path, tests, importing.get(path, ()))}
    new = {path for path in changes.paths if any(fnmatch(PurePosixPath(path).name, name) for name in _PATTERNS)}
    return tuple(sorted((found | new) - set(changes.removed)))


def _concerned(path: str, tests: Collection[str], importing: Collection[str]) -> Iterator[str]:
    for file in (path, *importing):
        if file in tests:
            yield file
        if PurePosixPath(file).name == "conftest.py":
            yield from _below(PurePosixPath(file).parent, tests)
    is_known = path in tests or importing or PurePosixPath(path).name == "conftest.py"
    if not is_known and PurePosixPath(path).suffix not in _PROSE:
        yield from tests


def _below(folder: PurePosixPath, tests: Collection[str]) -> Iterator[str]:
    return (test for test in tests if PurePosixPath(test).is_relative_to(folder))
