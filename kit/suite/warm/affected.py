"""Which test files a change concerns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from fnmatch import fnmatch
from pathlib import PurePosixPath

from kit.target import Changes

#: by the path of a source file of the target: the paths of the files that import it, directly or through others
ImportersOf = Callable[[str], Iterable[str]]

#: what pytest by default takes for a test file, when one appears that no run has collected yet
_PATTERNS = ("test_*.py", "*_test.py")

#: files that no test reads
_PROSE = frozenset({".md", ".rst"})


def affected_files(changes: Changes, tests: Collection[str], importers: ImportersOf | None) -> tuple[str, ...]:
    """The test files to run again, sorted; all paths are relative to the target's root.

    ``tests`` are the test files that are known. A test file that changed, or that imports what changed, is affected;
    so are all below a changed conftest. Without ``importers``, and for what is neither Python nor prose, all are.
    """
    gone = frozenset(changes.removed)
    found = {test for path in changes.paths for test in _concerned(path, tests, importers)}
    new = {path for path in changes.paths if any(fnmatch(PurePosixPath(path).name, name) for name in _PATTERNS)}
    return tuple(sorted((found | new) - gone))


def _concerned(path: str, tests: Collection[str], importers: ImportersOf | None) -> Iterator[str]:
    place = PurePosixPath(path)
    if place.suffix in _PROSE:
        return
    if path in tests:
        yield path
    if place.name == "conftest.py":
        yield from (test for test in tests if PurePosixPath(test).is_relative_to(place.parent))
    if place.suffix != ".py" or (importers is None and path not in tests):
        yield from tests
    elif importers is not None:
        yield from frozenset(importers(path)).intersection(tests)
