"""What earlier cases of a target say about its next run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, select

from kit.facts.suite import RecheckVerdict, StartMethod, SuiteFacts
from kit.store.schema import CASES, HEADS, OUTCOMES

#: what a test does each time; beside others it may do well the next time
_LASTING = ("fails", "passes_alone")

#: how many cases are looked at: the newest may have run a part of the suite only
_CASES = 5


@dataclass(frozen=True)
class History:
    """What earlier runs say about the tests of a target.

    ``durations`` has the seconds that each test took in its latest run, by node id. ``explained`` has the tests that
    failed in their latest run, by node id: the id of the failure, and what the test did when it ran alone.
    ``shared_state`` is the sentence about state that tests share outside of their processes, if they do. ``overlays``:
    whether copy-on-write overlays keep these tests apart. ``start_method`` is the one that the suite needs.
    ``settled_states`` tell which changed states make no difference to which tests.
    """

    durations: dict[str, float] = field(default_factory=dict)
    explained: dict[str, tuple[str, RecheckVerdict]] = field(default_factory=dict)
    shared_state: str | None = None
    overlays: bool | None = None
    start_method: StartMethod | None = None
    settled_states: tuple[int, ...] = ()


def read_history(connection: Connection, root: str) -> History:
    """What the newest cases of the target at ``root`` tell of its tests."""
    newest = list(connection.scalars(_newest(root)))
    if not newest:
        return History()
    durations: dict[str, float] = {}
    explained: dict[str, tuple[str, RecheckVerdict]] = {}
    table = OUTCOMES.c
    columns = (table.nodeid, table.outcome, table.seconds, table.failure, table.alone)
    for case in _telling(connection, newest):
        query = select(*columns).where(table.case_id == case, table.outcome != "not_run")
        for nodeid, outcome, seconds, failure, alone in connection.execute(query):
            if seconds is not None and outcome != "timed_out":
                durations[nodeid] = seconds
            explained.pop(nodeid, None)
            if failure is not None and alone in _LASTING:
                explained[nodeid] = failure, alone
    suite = _newest_suite(connection, newest)
    return History(durations, explained, suite.shares, suite.views, suite.beginning, suite.settled_states)


def _newest_suite(connection: Connection, cases: list[str]) -> SuiteFacts:
    """What stands in the head of the newest case with a suite."""
    for case in cases:
        head = connection.scalar(select(HEADS.c.fact).where(HEADS.c.case_id == case, HEADS.c.room == "suite"))
        if head:
            return msgspec.convert(head, SuiteFacts)
    return SuiteFacts()


def _telling(connection: Connection, cases: list[str]) -> list[str]:
    """The newest case with the most tests and those after it, the oldest first: the ones before it add little."""
    query = select(OUTCOMES.c.case_id, func.count()).where(OUTCOMES.c.case_id.in_(cases)).group_by(OUTCOMES.c.case_id)
    tests = {case: int(count) for case, count in connection.execute(query)}
    most = max(tests.values(), default=0)
    whole = next((at for at, case in enumerate(cases) if tests.get(case, 0) == most), 0)
    return cases[whole::-1]


def _newest(root: str) -> Select[Any]:
    of_root = CASES.c.fact["target"]["root"].as_string() == root
    return select(CASES.c.id).where(of_root).order_by(CASES.c.started.desc(), CASES.c.id.desc()).limit(_CASES)
