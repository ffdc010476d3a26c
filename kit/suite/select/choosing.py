"""Chooses tests from what is recorded of an app and from its tree as it is now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from kit.facts.nodeids import nodeid_of, path_of
from kit.facts.target import Target
from kit.suite.select.affected import ImportersOf, affected_files
from kit.suite.select.deciding import Choice, choose, choose_since
from kit.suite.select.keeping import load_record, save_record
from kit.suite.select.record import Record
from kit.suite.select.selected import Selected
from kit.suite.select.tree_facts import TreeFacts
from kit.target import TreeChanges


class Chooser:
    """Chooses tests of an app of which something is recorded."""

    def __init__(self, target: Target, record: Record, importers: ImportersOf | None) -> None:
        """``importers`` finds the files that import a source file, directly or indirectly."""
        self._target, self._record, self._importers = target, record, importers
        self._rootdir = target.config.rootdir
        #: the tree as it is now
        self.tree = self._with_functions(TreeFacts.read(target.path, record.known))
        self._test_files = frozenset(path_of(nodeid, self._rootdir) for nodeid in record.tests)

    @classmethod
    def of(cls, target: Target, importers: Callable[[], ImportersOf | None]) -> Chooser | None:
        """``None`` where nothing is recorded: then all tests have to run. ``importers`` is called only otherwise."""
        record = load_record(target)
        return cls(target, record, importers()) if record is not None and record.tests else None

    def _with_functions(self, tree: TreeFacts) -> TreeFacts:
        """The tree with the functions of the files that have changed, where those of an earlier state are known."""
        changed = {
            path
            for state in self._record.states
            for path, facts in state.items()
            if facts.is_compiled and (now := tree.files.get(path)) is not None and now.text != facts.text
        }
        return tree.compiled(self._target.path, changed)

    def has_recorded(self, nodeids: Collection[str]) -> bool:
        """Whether all of these tests are recorded."""
        return self._record.tests.keys() >= set(nodeids)

    def changed(self, files: Collection[str] = ()) -> Selected:
        """The tests that what has changed since they ran concerns, and those that failed then; only of ``files`` and of
        new ones, if any are given. That the others need not run is recorded.
        """
        choice = choose(self._record, self.tree, self.files_of, self._rootdir)
        self._record.confirm(self._record.tests.keys() - choice.tests, self.tree)
        save_record(self._target, self._record)
        if files:
            among = (one for one in choice.tests if path_of(one, self._rootdir) in files)
            choice = replace(choice, tests=frozenset(among), failed=frozenset())
        return self._selected(choice)

    def since(self, before: Mapping[str, bytes | None]) -> Selected:
        """The tests that the changes since an earlier state concern. ``before``: by path what these files held then,
        ``None`` for one that was not there.
        """
        self.tree = self.tree.compiled(self._target.path, before)
        earlier = self.tree.with_files(before)
        return self._selected(choose_since(self._record, earlier, self.tree, self.files_of, self._rootdir))

    def _selected(self, choice: Choice) -> Selected:
        files = {path_of(nodeid, self._rootdir) for nodeid in choice.tests}
        known = {nodeid for nodeid in self._record.tests if path_of(nodeid, self._rootdir) in files} - choice.tests
        new = [nodeid_of(path, self._rootdir) for path in choice.files if path in self.tree.files]
        return Selected(
            (*sorted(choice.tests), *sorted(new)),
            tuple(sorted(known)),
            len(choice.tests),
            len(self._record.tests),
            choice.why,
            len(choice.failed),
        )

    def files_of(self, paths: Collection[str]) -> tuple[str, ...]:
        """The test files that changes of these files concern, by the imports in the source and those that were seen."""
        return affected_files(TreeChanges(changed=tuple(paths)), self._test_files, self._importing)

    def _importing(self, paths: Collection[str]) -> Mapping[str, Collection[str]]:
        if self._importers is None:
            return {}
        loaders: dict[str, set[str]] = defaultdict(set)
        for file, loaded in self._record.edges:
            loaders[loaded].add(file)
        by_name = {path for path, one in self.tree.files.items() if one.imports_by_name and path.endswith(".py")}
        by_source = self._importers([*paths, *by_name, *{file for file, _ in self._record.edges}])
        found = {path: _closure([path], by_source, loaders) for path in paths}
        every = by_name | _closure(by_name, by_source, loaders)  # they may import whatever is there
        return {path: files | every if files else files for path, files in found.items()}


def _closure(
    paths: Collection[str], importing: Mapping[str, Collection[str]], loaders: Mapping[str, Collection[str]]
) -> set[str]:
    found: set[str] = set()
    todo = [*paths]
    while todo:
        one = todo.pop()
        new = ({*importing.get(one, ())} | {*loaders.get(one, ())}) - found
        found |= new
        todo += new
    return found
