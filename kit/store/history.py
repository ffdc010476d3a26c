"""What earlier cases of a target say about its next run."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, select

from kit.facts.suite import Alone, SuiteFacts
from kit.store.schema import CASES, HEADS, RESULTS

#: what a test does each time; beside others it may do well the next time
_LASTING = ("fails", "passes_alone")

#: how many cases are looked at: the newest may have run a part of the suite only
_CASES = 5


def durations(connection: Connection, root: str) -> dict[str, float]:
    """How long each test took when it ran last, by node id, in seconds."""
    seconds: dict[str, float] = {}
    for case in _telling(connection, root):
        query = select(RESULTS.c.nodeid, RESULTS.c.seconds).where(
            RESULTS.c.case_id == case, RESULTS.c.seconds.is_not(None), RESULTS.c.outcome != "timed_out"
        )
        seconds |= {nodeid: took for nodeid, took in connection.execute(query) if took is not None}
    return seconds


def explained(connection: Connection, root: str) -> dict[str, tuple[str, Alone]]:
    """What the tests that failed when they ran last did alone, by node id, with the id of their failure."""
    found: dict[str, tuple[str, Alone]] = {}
    alone = RESULTS.c.fact["alone"].as_string()
    for case in _telling(connection, root):
        query = select(RESULTS.c.nodeid, RESULTS.c.failure, alone).where(RESULTS.c.case_id == case)
        for nodeid, failure, verdict in connection.execute(query.where(RESULTS.c.outcome != "not_run")):
            found.pop(nodeid, None)
            if failure is not None and verdict in _LASTING:
                found[nodeid] = failure, verdict
    return found


def shares(connection: Connection, root: str) -> str | None:
    """What the newest case with a suite says of tests that share something outside of their processes."""
    for case in connection.scalars(_newest(root)):
        head = connection.scalar(select(HEADS.c.fact).where(HEADS.c.case_id == case, HEADS.c.room == "suite"))
        if head:
            return msgspec.convert(head, SuiteFacts).shares
    return None


def _telling(connection: Connection, root: str) -> list[str]:
    """The newest case with the most tests and those after it, the oldest first: the ones before it add little."""
    cases = list(connection.scalars(_newest(root)))
    query = select(RESULTS.c.case_id, func.count()).where(RESULTS.c.case_id.in_(cases)).group_by(RESULTS.c.case_id)
    tests = {case: int(count) for case, count in connection.execute(query)}
    most = max(tests.values(), default=0)
    whole = next((at for at, case in enumerate(cases) if tests.get(case, 0) == most), 0)
    return cases[whole::-1]


def _newest(root: str) -> Select[Any]:
    of_root = CASES.c.fact["target"]["root"].as_string() == root
    return select(CASES.c.id).where(of_root).order_by(CASES.c.started.desc(), CASES.c.id.desc()).limit(_CASES)
