"""Decides which tests a change concerns: a function of what is recorded and of the source, without side effects.

A test need not run when each unit that it has run is as it was, and nothing outside of units has changed in a file
that its own file reaches. Whatever is not known counts as changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from kit.facts.nodeids import path_of
from kit.suite.select.kept import files_of_keepers
from kit.suite.select.record import Known, Record
from kit.suite.select.source_facts import FileDigests
from kit.suite.select.tree_facts import TreeFacts
from kit.suite.select.unit_sets import UnitSet

#: the test files that changes of these files concern
FilesOf = Callable[[Collection[str]], Collection[str]]


#: stands for a file that is not there
_NOTHING = FileDigests(b"", b"", b"")

#: stands for what another program has run
_ELSEWHERE = "", ""


@dataclass(frozen=True)
class Changed:
    """What differs between two states: ``units`` by file and name, and files of which something else differs."""

    units: frozenset[tuple[str, str]] = frozenset()
    files: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.units or self.files)

    @property
    def paths(self) -> frozenset[str]:
        """All files in which something differs."""
        return self.files | {path for path, _ in self.units}


@dataclass(frozen=True)
class Choice:
    """The tests to run: single ones, and all of some files (paths). ``why`` names what has changed; ``failed`` are
    those of the tests that were not in order.
    """

    tests: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    why: tuple[str, ...] = ()
    failed: frozenset[str] = frozenset()


def changes_between(before: Mapping[str, FileDigests], now: TreeFacts, record: Record) -> Changed:
    """What differs between a state of the tree and the present one."""
    units: set[tuple[str, str]] = set()
    wholes: set[tuple[str, str]] = set()  # what was read as text, or is known to be unknown
    files: set[str] = set()
    reading = _Reading(before.values(), now)
    for path in before.keys() | now.files.keys():
        old, new = before.get(path, _NOTHING), now.files.get(path, _NOTHING)
        if old is new or old.text == new.text:
            continue
        changed = {(path, name) for name in (*old.units, *new.units) if _digest(old, name) != _digest(new, name)}
        units |= changed
        wholes |= {(path, "")} | ({_ELSEWHERE} if old.code != new.code else set())
        if (old is _NOTHING or new is _NOTHING) and record.reads_text:
            files |= {path, ""}  # a test may look at all files of a folder
        if reading.differs_outside(old, new) or (changed and path not in record.seen - record.unseen):
            files.add(path)
    for unit in units & record.during.keys():
        files |= record.during[unit] | {unit[0]}
    for whole in wholes & record.during.keys():
        files |= record.during[whole]
    files.update(files_of_keepers(units, before, record))
    return Changed(frozenset(units), frozenset(files))


class _Reading:
    """What the app reads of its own source, besides running it, before or now."""

    def __init__(self, before: Iterable[FileDigests], now: TreeFacts) -> None:
        every = tuple(before)
        self._docs = now.reads_docs or any(one.reads_docs for one in every)
        self._source = now.reads_source or any(one.reads_source for one in every)

    def differs_outside(self, old: FileDigests, new: FileDigests) -> bool:
        """Whether two different texts of a file differ in what is outside of functions, or in what is read of them."""
        return (
            self._source or old.module != new.module or old.loud != new.loud or (self._docs and old.quiet != new.quiet)
        )


def _digest(facts: FileDigests, name: str) -> bytes:
    unit = facts.units.get(name)
    return unit.digest if unit else b""


def unconcerned(record: Record, tree: TreeFacts, files_of: FilesOf, rootdir: str) -> frozenset[str]:
    """The tests of which the record shows what they do in this state of the tree."""
    current = record.units_in(tree)
    concerned = [_tests_of(changes_between(state, tree, record).files, files_of) for state in record.states]
    return frozenset(
        nodeid
        for nodeid, (own, state, is_fine) in record.tests.items()
        if is_fine and own <= current and path_of(nodeid, rootdir) not in concerned[state]
    )


def choose(record: Record, now: TreeFacts, files_of: FilesOf, rootdir: str = ".") -> Choice:
    """The tests of which the record does not show what they do now; what was not in order is among them.

    ``files_of`` names the test files that changes of files concern, by the imports. A test that nobody has recorded is
    not chosen: its file is, where a change concerns it.
    """
    chosen = record.tests.keys() - unconcerned(record, now, files_of, rootdir)
    changed = [changes_between(state, now, record) for state in record.states]
    every = _joined(changed)
    return _choice(record, chosen, every, _tests_of(every.files, files_of), now, rootdir)


def choose_since(record: Record, before: TreeFacts, now: TreeFacts, files_of: FilesOf, rootdir: str = ".") -> Choice:
    """The tests that may do something else in the present state of the tree than in an earlier one.

    A test whose record shows what it does in both is not among them. Of the others, those are that the changes concern
    by the imports, or that have run a function that differs.
    """
    changed = changes_between(before.files, now, record)
    known = unconcerned(record, now, files_of, rootdir) & unconcerned(record, before, files_of, rootdir)
    files = _tests_of(changed.paths, files_of)
    others = UnitSet.of(number for number, unit in enumerate(record.units) if _is_of(unit, changed))
    chosen = {
        nodeid
        for nodeid, (own, _, _) in record.tests.items()
        if nodeid not in known and (path_of(nodeid, rootdir) in files or own & others)
    }
    return _choice(record, chosen if changed else set(), changed, files, now, rootdir)


def _choice(
    record: Record, chosen: Set[str], changed: Changed, files: frozenset[str], now: TreeFacts, rootdir: str
) -> Choice:
    paths = {nodeid: path_of(nodeid, rootdir) for nodeid in record.tests}
    there = frozenset(paths.values())
    single = frozenset(nodeid for nodeid in chosen if paths[nodeid] in now.files)
    failed = frozenset(nodeid for nodeid in single if not record.tests[nodeid][2])
    return Choice(single, frozenset(path for path in files if path not in there), tuple(reasons(changed)), failed)


def _is_of(unit: Known, changed: Changed) -> bool:
    path, name, _ = unit
    return not path or ((path, name) in changed.units if name else path in changed.paths)


def _joined(changed: Iterable[Changed]) -> Changed:
    every = tuple(changed)
    units = frozenset(unit for one in every for unit in one.units)
    return Changed(units, frozenset(path for one in every for path in one.files))


def _tests_of(files: Collection[str], files_of: FilesOf) -> frozenset[str]:
    return frozenset(files_of(files)) if files else frozenset()


def reasons(changed: Changed) -> Iterator[str]:
    """Where something has changed: ``app/locks.py: is_locked``, or a file alone for what is outside of functions."""
    names: dict[str, list[str]] = {}
    for path, name in sorted(changed.units):
        names.setdefault(path, []).append(name)
    for path in sorted(changed.paths - {""}):
        yield path if path in changed.files else f"{path}: {', '.join(names[path])}"
