"""Which files import which: those that an edit can reach, and those that each test file loads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from kit.facts.target import Target
from kit.inventory.imports.loading import LoadGraph
from kit.inventory.names.calls import patch_targets
from kit.inventory.names.modules import Modules
from kit.inventory.names.names import Names
from kit.inventory.source.reading import read_source

_Importing = Mapping[str, frozenset[str]]


class Reach:
    """Answers from the source as it is at the question; for a file that is gone, as it was at the question before."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._before = self._read()

    def __call__(self, paths: Collection[str]) -> dict[str, frozenset[str]]:
        """By path: the paths of the files that import it, directly or through others, in functions too. All are
        relative to the target's root; what nobody imports has none.
        """
        before, now = self._before, self._read()
        self._before = now
        return {path: _closure(path, before) | _closure(path, now) for path in paths}

    def _read(self) -> _Importing:
        """By path: the files that name it."""
        names, graph = _read(self._target)
        importing: dict[str, set[str]] = defaultdict(set)
        for module, file in names.files.items():
            for other in graph.imported_anywhere(module):
                if other in names.files:
                    importing[names.files[other].path].add(file.path)
        for patched in patch_targets(names, self._target.path):
            if patched.module in names.files:
                importing[names.files[patched.module].path].add(patched.path)
        return {path: frozenset(files) for path, files in importing.items()}


def imported_by_tests(target: Target) -> dict[str, frozenset[str]]:
    """By test file: the files of the target that are imported, directly or not, when pytest runs it alone. Nothing else
    of an inventory is made for it.
    """
    _, graph = _read(target)
    return graph.imported_by(graph.test_modules(target.test_paths))


def _read(target: Target) -> tuple[Names, LoadGraph]:
    files = read_source(target).files
    names = Names(files, Modules.of(files, target.import_roots))
    return names, LoadGraph(names)


def _closure(path: str, importing: _Importing) -> frozenset[str]:
    found: set[str] = set()
    todo = [path]
    while todo:
        new = importing.get(todo.pop(), frozenset()) - found
        found |= new
        todo += new
    return frozenset(found)
