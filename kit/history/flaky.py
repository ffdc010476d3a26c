"""Which tests are flaky: their outcomes differ at one revision, or did when kit ran them again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec

from kit.facts.case import Case
from kit.facts.dossier import FlakyBy, FlakyTest, FlakyTests
from kit.facts.outcomes import BAD, FINE
from kit.facts.shared_state import PollutedTest
from kit.facts.suite import TestRow
from kit.history.comparing import moment_of
from kit.history.one_test import latest_ids, named, rows_with_other_ids
from kit.store import Store

#: at most this many cases are looked at, the newest ones
_MOST = 100

#: the state that a flaky test depends on is looked for in at most this many of the newest cases
_WITH_STATE = 20


def find_flaky(store: Store, root: str) -> FlakyTests:
    """The flaky tests of the app at ``root``. Without a case of it there are none."""
    cases = [line.case for line in store.lines(root) if line.total][:_MOST]
    by_id = {case.id: case for case in cases}
    code = {case.id: key for case in cases if (key := _code(case))}
    revisions = [key for key, cases_of in Counter(code.values()).items() if cases_of > 1]
    rows: dict[str, list[TestRow]] = defaultdict(list)
    bad = store.rows_of_once_bad(list(by_id))
    ids = latest_ids(store, root, {row.nodeid for row in bad})
    for row in (*bad, *rows_with_other_ids(store, bad, list(by_id), ids)):
        rows[named(row.nodeid, row.case, ids)].append(row)
    found = [_flaky(nodeid, of_test, by, by_id) for nodeid, of_test in rows.items() if (by := _shown_by(of_test, code))]
    ranked = sorted(found, key=lambda one: (-one.bad / one.ran, one.nodeid))
    name = cases[0].target.name if cases else ""
    return FlakyTests(name, root, len(cases), len(revisions), tuple(_with_state(ranked, store, cases, ids)))


def _code(case: Case) -> bytes:
    """What decides outcomes, if nothing else does: the revision and the environment. Empty where files had changed."""
    target = case.target
    if target.revision is None or target.dirty:
        return b""
    return msgspec.json.encode((target.revision, target.interpreter))


def _shown_by(rows: Sequence[TestRow], code: Mapping[str, bytes]) -> FlakyBy | None:
    bad = {code[row.case] for row in rows if row.outcome in BAD and row.case in code}
    fine = {code[row.case] for row in rows if row.outcome in FINE and row.case in code}
    if bad & fine:
        return "revision"
    return "rerun" if any(row.alone == "flaky" for row in rows) else None


def _flaky(nodeid: str, rows: Sequence[TestRow], by: FlakyBy, cases: Mapping[str, Case]) -> FlakyTest:
    bad = sorted((cases[row.case] for row in rows if row.outcome in BAD), key=lambda case: case.started)
    ran = [row for row in rows if row.outcome in BAD or row.outcome in FINE]
    return FlakyTest(nodeid, by, len(bad), len(ran), moment_of(bad[0]), moment_of(bad[-1]))


def _with_state(
    tests: Sequence[FlakyTest], store: Store, cases: Sequence[Case], ids: Mapping[str, Mapping[str, str]]
) -> list[FlakyTest]:
    """The tests, each with the state that decides its outcome, where one of the newest cases has found that out."""
    known: dict[str, PollutedTest] = {}
    for case in cases[:_WITH_STATE] if tests else ():
        suite = store.head_of_suite(case.id)
        for one in suite.polluted if suite else ():
            if one.is_named:
                known.setdefault(named(one.victim, case.id, ids), one)
    return [replace(one, polluted=known.get(one.nodeid)) for one in tests]
