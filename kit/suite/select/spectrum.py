"""From the record of an app: the functions that failing tests execute, and how many passing ones do too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kit.facts.execution import ExecutedFunction, Execution, FailingTests, TestLines
from kit.facts.outcomes import BAD
from kit.facts.suite import TestResult
from kit.suite.select.record import Record, is_current
from kit.suite.select.tree_facts import TreeFacts
from kit.suite.select.unit_sets import UnitSet

#: at most this many distinct failures, the most frequent ones
_MOST_FAILURES = 1_000


def execution_of(record: Record, tree: TreeFacts, results: Sequence[TestResult]) -> Execution | None:
    """What the record shows of a run with these ``results``, whose functions are as in ``tree``; ``None`` where no
    failing test has a record. Passing tests of earlier runs count too while what they executed is as it was.
    """
    failing: dict[str, Counter[UnitSet]] = {}
    for result in results:
        if result.outcome in BAD and result.failure and (known := record.tests.get(result.nodeid)) and known[0]:
            failing.setdefault(result.failure, Counter())[known[0]] += 1
    if not failing:
        return None
    chosen = sorted(failing, key=lambda failure: -failing[failure].total())[:_MOST_FAILURES]
    functions = _functions(record, tree)
    passing = Counter(_passing(record, tree, results))
    passed = _counted(passing, functions)
    executed = {failure: _counted(failing[failure], functions) for failure in chosen}
    shown = sorted({number for counts in executed.values() for number in counts}, key=lambda number: functions[number])
    place = {number: at for at, number in enumerate(shown)}
    return Execution(
        tuple(ExecutedFunction(*functions[number], passing=passed[number]) for number in shown),
        passing.total(),
        {
            failure: FailingTests(
                failing[failure].total(), tuple(sorted((place[number], count) for number, count in counts.items()))
            )
            for failure, counts in executed.items()
        },
    )


def lines_of(
    lines: Mapping[int, Mapping[str, Sequence[int]]], results: Sequence[TestResult], execution: Execution
) -> tuple[TestLines, ...]:
    """The lines of the tests that were watched, by index, of the files with functions that failing tests execute."""
    paths = {one.path for one in execution.functions}
    return tuple(
        TestLines(
            (results[index].failure or "") if results[index].outcome in BAD else "",
            {path: tuple(own) for path, own in sorted(files.items()) if path in paths},
        )
        for index, files in sorted(lines.items())
    )


def _functions(record: Record, tree: TreeFacts) -> dict[int, tuple[str, int, str]]:
    """By number in the record: path, line and name of the functions that are in the tree as they ran."""
    return {
        number: (path, tree.files[path].units[name].line, name)
        for number, (path, name, digest) in enumerate(record.units)
        if path and name and is_current((path, name, digest), tree)
    }


def _passing(record: Record, tree: TreeFacts, results: Iterable[TestResult]) -> Iterator[UnitSet]:
    outcomes = {result.nodeid: result.outcome for result in results if result.outcome != "not_run"}
    current = record.units_in(tree)
    for nodeid, (own, _, is_fine) in record.tests.items():
        known = outcomes.get(nodeid)
        if own and (known == "passed" if known else is_fine and own <= current):
            yield own


def _counted(sets: Mapping[UnitSet, int], functions: Mapping[int, object]) -> Counter[int]:
    """By number of a function: how many tests have executed it. ``sets`` counts the tests of each set of functions."""
    found: Counter[int] = Counter()
    for own, tests in sets.items():
        for number in own:
            found[number] += tests
    return Counter({number: count for number, count in found.items() if number in functions})
