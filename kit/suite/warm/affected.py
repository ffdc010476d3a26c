"""Which test files a change concerns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from fnmatch import fnmatch
from pathlib import PurePosixPath

from kit.target import Changes

#: of paths of source files, those of the files that import each, directly or through others
ImportersOf = Callable[[Collection[str]], Mapping[str, Collection[str]]]

#: what pytest by default takes for a test file, when one appears that no run has collected yet
_PATTERNS = ("test_*.py", "*_test.py")

#: files that no test reads
_PROSE = frozenset({".md", ".rst"})


def affected_files(changes: Changes, tests: Collection[str], importers: ImportersOf | None) -> tuple[str, ...]:
    """The test files to run again, sorted; all paths are relative to the target's root.

    ``tests`` are the test files that are known. Affected are those that changed or import what changed, all below a
    conftest that did, and new ones. Where nobody can tell (no ``importers``, a file that nothing imports, data), all
    known ones are.
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
