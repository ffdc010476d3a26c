"""One test through the cases of its app, also where releases of pytest name it differently."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain

from kit.facts.case import Case
from kit.facts.nodeids import without_unstable_parameters
from kit.facts.suite import TestRow
from kit.history.renamed_tests import names_in_others
from kit.store import Store

#: at most this many cases are looked at for other names, the newest ones
_MOST = 100


def latest_ids(store: Store, root: str, nodeids: Collection[str]) -> dict[str, dict[str, str]]:
    """By case of the app at ``root``: its node ids that the pytest of the newest case names differently, each with that
    name. Only the functions of ``nodeids`` are looked at.
    """
    functions = {function for one in nodeids if (function := without_unstable_parameters(one)) != one}
    cases = [line.case.id for line in store.lines(root) if line.total][:_MOST] if functions else []
    heads = {case: store.head_of_suite(case) for case in cases}
    versions = {case: head.pytest_version for case, head in heads.items() if head and head.pytest_version}
    if len({*versions.values()}) < 2:
        return {}
    tests: dict[str, list[str]] = {case: [] for case in versions}
    for case, nodeid in store.parametrised(list(versions)):
        if nodeid.partition("[")[0] in functions:
            tests[case].append(nodeid)
    newest = next(iter(versions.values()))
    latest = [tests[case] for case, version in versions.items() if version == newest]
    return {case: names_in_others(tests[case], latest) for case, version in versions.items() if version != newest}


def past_of(store: Store, root: str, nodeid: str) -> tuple[str, tuple[tuple[Case, TestRow], ...]]:
    """The newest name of a test, and how it ended in each case of the app at ``root``, the newest case first."""
    ids = latest_ids(store, root, [nodeid])
    name = next((known[nodeid] for known in ids.values() if nodeid in known), nodeid)
    names = {name, *(old for known in ids.values() for old, new in known.items() if new == name)}
    found = [
        (case, row)
        for one in names
        for case, row in store.results_of(one, root)
        if named(row.nodeid, case.id, ids) == name
    ]
    return name, tuple(sorted(found, key=lambda one: (one[0].started, one[0].id), reverse=True))


def named(nodeid: str, case: str, ids: Mapping[str, Mapping[str, str]]) -> str:
    """The newest name of a test of a case, of ``latest_ids``."""
    return ids.get(case, {}).get(nodeid, nodeid)


def rows_with_other_ids(
    store: Store, rows: Sequence[TestRow], cases: Sequence[str], ids: Mapping[str, Mapping[str, str]]
) -> tuple[TestRow, ...]:
    """The rows of these cases in which the tests of ``rows`` stand under other names."""
    known = {row.nodeid for row in rows}
    pairs = chain.from_iterable(one.items() for one in ids.values())
    others = {name for pair in pairs if known.intersection(pair) for name in pair} - known
    return store.rows_of(sorted(others), cases)
