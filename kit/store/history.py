"""What earlier cases of a target say about its next run."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from kit.facts.suite import SuiteFacts
from kit.store.schema import CaseRow, HeadRow, ResultRow

#: how many cases are looked at: the newest may have run a part of the suite only
_CASES = 5


def durations(session: Session, root: str) -> dict[str, float]:
    """How long each test took when it ran last, by node id, in seconds."""
    seconds: dict[str, float] = {}
    for case in _telling(session, root):
        query = select(ResultRow.nodeid, ResultRow.seconds).where(
            ResultRow.case_id == case, ResultRow.seconds.is_not(None), ResultRow.outcome != "timed_out"
        )
        seconds |= {nodeid: took for nodeid, took in session.execute(query) if took is not None}
    return seconds


def explained(session: Session, root: str) -> dict[str, str]:
    """The tests that failed alone too when they ran last, by node id, with the id of their failure."""
    found: dict[str, str] = {}
    alone = ResultRow.fact["alone"].as_string()
    for case in _telling(session, root):
        query = select(ResultRow.nodeid, ResultRow.failure, alone).where(ResultRow.case_id == case)
        for nodeid, failure, verdict in session.execute(query.where(ResultRow.outcome != "not_run")):
            found.pop(nodeid, None)
            if failure is not None and verdict == "fails":
                found[nodeid] = failure
    return found


def shares(session: Session, root: str) -> str | None:
    """What the newest case with a suite says of tests that share something outside of their processes."""
    for case in session.scalars(_newest(root)):
        head = session.get(HeadRow, (case, "suite"))
        if head:
            return msgspec.convert(head.fact, SuiteFacts).shares
    return None


def _telling(session: Session, root: str) -> list[str]:
    """The newest case with the most tests and those after it, the oldest first: the ones before it add little."""
    cases = list(session.scalars(_newest(root)))
    query = select(ResultRow.case_id, func.count()).where(ResultRow.case_id.in_(cases)).group_by(ResultRow.case_id)
    tests = {case: int(count) for case, count in session.execute(query)}
    most = max(tests.values(), default=0)
    whole = next((at for at, case in enumerate(cases) if tests.get(case, 0) == most), 0)
    return cases[whole::-1]


def _newest(root: str) -> Select[Any]:
    of_root = CaseRow.fact["target"]["root"].as_string() == root
    return select(CaseRow.id).where(of_root).order_by(CaseRow.started.desc(), CaseRow.id.desc()).limit(_CASES)
