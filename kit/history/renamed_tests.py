"""Tests that another release of pytest names in another way.

A release may write parameters differently: pytest 9.2 puts ``text0`` in place of a text of more than 100 characters.
The test is the same one: it stands at the same place among those of its function.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    was, now = _by_function(before), _by_function(after)
    found: dict[str, str] = {}
    for function, names in was.items():
        pairs = dict(zip(names, now.get(function, ()), strict=False))
        moved = {one: other for one, other in pairs.items() if one != other}
        if len(names) == len(now.get(function, ())) and not {*moved} & {*pairs.values()} | {*moved.values()} & {*names}:
            found |= moved
    return found


def _by_function(suite: SuiteFacts) -> dict[str, list[str]]:
    """The parameterised tests in the order of collection, by file, class and function."""
    found: dict[str, list[str]] = {}
    for test in suite.tests:
        function, bracket, _ = test.nodeid.partition("[")
        if bracket:
            found.setdefault(function, []).append(test.nodeid)
    return found


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
