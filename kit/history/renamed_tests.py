"""Tests that another release of pytest names in another way.

A release may write parameters differently: pytest 9.2 puts ``text0`` in place of a text of more than 100 characters.
The test is the same one: it stands at the same place among those of its function.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kit.facts.case import CaseFacts
from kit.facts.suite import SuiteFacts


def other_ids(before: SuiteFacts | None, after: SuiteFacts | None) -> dict[str, str]:
    """The later node id by the earlier one, of each test whose parameters another release of pytest names differently.

    Only functions count that have as many tests as before: each at its place with its old id, or with one that is new
    in place of one that is gone.
    """
    if not before or not after or None in (old := before.pytest_version, new := after.pytest_version) or old == new:
        return {}
    now = _by_function(test.nodeid for test in after.tests)
    found: dict[str, str] = {}
    for function, names in _by_function(test.nodeid for test in before.tests).items():
        found |= _moved(names, now.get(function, ()))
    return found


def names_in_others(nodeids: Sequence[str], others: Sequence[Sequence[str]]) -> dict[str, str]:
    """The later node id by the earlier one, where ``others`` are the tests of cases with one later release, each in the
    order of collection. A case that ran only a part of a function's tests tells nothing of it.
    """
    later = [_by_function(one) for one in others]
    found: dict[str, str] = {}
    for function, names in _by_function(nodeids).items():
        found |= next((ids for one in later if (ids := _moved(names, one.get(function, ())))), {})
    return found


def _by_function(nodeids: Iterable[str]) -> dict[str, list[str]]:
    """The parameterised tests in the order of collection, by file, class and function."""
    found: dict[str, list[str]] = {}
    for nodeid in nodeids:
        function, bracket, _ = nodeid.partition("[")
        if bracket:
            found.setdefault(function, []).append(nodeid)
    return found


def _moved(names: Sequence[str], others: Sequence[str]) -> dict[str, str]:
    """The other id by the first one of each test of a function that has two; none where the tests may be others."""
    pairs = dict(zip(names, others, strict=False))
    moved = {one: other for one, other in pairs.items() if one != other}
    may_differ = len(names) != len(others) or {*moved} & {*pairs.values()} | {*moved.values()} & {*names}
    return {} if may_differ else moved


def under_later_ids(facts: CaseFacts, ids: Mapping[str, str]) -> CaseFacts:
    """The facts of an earlier case, with its tests named as the later one names them."""
    if not ids or facts.suite is None:
        return facts
    tests = tuple(replace(one, nodeid=ids.get(one.nodeid, one.nodeid)) for one in facts.suite.tests)
    results = tuple(replace(one, nodeid=ids.get(one.nodeid, one.nodeid)) for one in facts.suite.results)
    causes = facts.causes and tuple(
        replace(one, tests=tuple(ids.get(test, test) for test in one.tests)) for one in facts.causes
    )
    return replace(facts, suite=replace(facts.suite, tests=tests, results=results), causes=causes)
