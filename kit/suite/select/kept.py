"""Functions whose work is kept for later tests: under a cache, or put into a name outside of them.

Only the first test of a process runs them, and what they call; the tests after it use what is kept. So a change of such
a function concerns all tests that reach the file of the one that keeps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from kit.suite.select.record import Record
from kit.suite.select.source_facts import FileDigests, Unit
from kit.suite.select.unit_sets import NO_UNITS, UnitSet

Name = tuple[str, str]


def files_of_keepers(changed: Collection[Name], before: Mapping[str, FileDigests], record: Record) -> Iterator[str]:
    """The files of the functions that keep what the changed ones do.

    A keeper may have called every function that it names, and in turn those that they name, if both ran in one test or
    while files were loaded.
    """
    units = {(path, name): unit for path in record.seen if path in before for name, unit in before[path].units.items()}
    keepers = [one for one, unit in units.items() if unit.keeps]
    if not changed or not keepers:
        return
    by_word = _by_word(units)
    versions = _versions(record)
    for keeper in keepers:
        below = _below(keeper, units, by_word)
        ran = UnitSet.joined(own for own, _, _ in record.tests.values() if own & versions[keeper])
        for one in below.intersection(changed):
            if one == keeper or versions[one] & ran or one in record.during:
                yield keeper[0]
                break


def _below(keeper: Name, units: Mapping[Name, Unit], by_word: Mapping[str, Collection[Name]]) -> set[Name]:
    found, todo = {keeper}, [keeper]
    while todo:
        new = {one for word in units[todo.pop()].names for one in by_word.get(word, ())} - found
        found |= new
        todo += new
    return found


def _by_word(units: Mapping[Name, Unit]) -> dict[str, list[Name]]:
    """The functions that a name may stand for: its own, and for a class all of its methods."""
    found: dict[str, list[Name]] = defaultdict(list)
    for one in units:
        for word in {part.partition("#")[0] for part in one[1].split(".")}:
            found[word].append(one)
    return found


def _versions(record: Record) -> Mapping[Name, UnitSet]:
    """By function all of its versions; none of one that never ran."""
    found: dict[Name, list[int]] = defaultdict(list)
    for number, (path, name, _) in enumerate(record.units):
        found[path, name].append(number)
    return defaultdict(lambda: NO_UNITS, {one: UnitSet.of(numbers) for one, numbers in found.items()})
